const BLOCK_BYTES = 1024 * 1024

let spare: Buffer | null = null

/** A block to read into. Sources that read one after the other get the same one. */
export function takeBlock(): Buffer {
  const block = spare ?? Buffer.allocUnsafeSlow(BLOCK_BYTES)
  spare = null
  return block
}

export function giveBack(block: Buffer): void {
  spare = block
}
