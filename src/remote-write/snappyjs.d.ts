// The package has no types of its own.
declare module 'snappyjs' {
  /** Compresses to the block format of Snappy. */
  export function compress(data: Uint8Array): Uint8Array
  /** Throws for what is not Snappy. */
  export function uncompress(data: Uint8Array): Uint8Array
}
