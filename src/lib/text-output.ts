/** Somewhere for text to go. */
export interface TextOutput {
  /** Bytes written so far. */
  readonly bytes: number
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>
  /** Everything was written. */
  complete(): Promise<void>
  /** Nothing of it shall stay. */
  discard(): Promise<void>
}
