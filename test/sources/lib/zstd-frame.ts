const BLOCK_BYTES = 128 * 1024

interface FrameOptions {
  /** What the header claims; the real size where absent, nothing where null. */
  readonly declaredBytes?: number | null
  /** Exponent of a window to ask for, instead of a single segment. */
  readonly windowLog?: number
}

/** A valid Zstandard frame of uncompressed blocks, which is all that a test without a compressor needs. */
export function zstdFrame(content: string | Buffer, { declaredBytes, windowLog }: FrameOptions = {}): Buffer {
  const data = Buffer.from(content)
  const size = declaredBytes === undefined ? data.length : declaredBytes
  const isSingleSegment = windowLog === undefined
  const descriptor = (size === null ? 0 : 0xc0) | (isSingleSegment ? 0x20 : 0)
  const head = [0x28, 0xb5, 0x2f, 0xfd, descriptor, ...(isSingleSegment ? [] : [(windowLog - 10) << 3])]
  const sizeField = Buffer.alloc(size === null ? 0 : 8)
  if (size !== null) sizeField.writeBigUInt64LE(BigInt(size))
  return Buffer.concat([Buffer.from(head), sizeField, ...rawBlocks(data)])
}

function rawBlocks(data: Buffer): Buffer[] {
  const blocks: Buffer[] = []
  let at = 0
  do {
    const block = data.subarray(at, at + BLOCK_BYTES)
    at += block.length
    blocks.push(blockHeader(0, block.length, at >= data.length), block)
  } while (at < data.length)
  return blocks
}

/** Header of a block: 0 uncompressed, 1 one byte repeated, 2 compressed. */
export function blockHeader(type: number, size: number, isLast: boolean): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((size << 3) | (type << 1) | (isLast ? 1 : 0), 0, 3)
  return header
}
