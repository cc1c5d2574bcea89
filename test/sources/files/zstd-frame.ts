/**
 * A Zstandard frame with raw blocks, as in RFC 8878: magic number, header with an 8-byte content size and a window of
 * 1 MiB, then blocks of at most 128 KiB behind 3-byte headers.
 */
export function zstdFrame(
  content: Buffer | string,
  { windowDescriptor = 0x50, size = null as number | null } = {},
): Buffer {
  const bytes = Buffer.from(content)
  const blocks: Buffer[] = []
  for (let at = 0; at === 0 || at < bytes.length; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES)
    blocks.push(blockHeader(block.length, RAW, at + BLOCK_BYTES >= bytes.length), block)
  }
  return Buffer.concat([frameHeader(windowDescriptor, size ?? bytes.length), ...blocks])
}

/** A frame that says the same byte over and over, in 4 bytes for every 128 KiB. */
export function zstdBomb(blocks: number): Buffer {
  const block = (isLast: boolean) => Buffer.concat([blockHeader(BLOCK_BYTES, RUN_LENGTH, isLast), Buffer.from('x')])
  const content = Array.from({ length: blocks }, (_, n) => block(n === blocks - 1))
  return Buffer.concat([frameHeader(0x50, blocks * BLOCK_BYTES), ...content])
}

/** A frame that decoders are to skip. */
export function skippableFrame(content: string): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32LE(0x184d2a53, 0)
  header.writeUInt32LE(content.length, 4)
  return Buffer.concat([header, Buffer.from(content)])
}

const BLOCK_BYTES = 128 * 1024
const RAW = 0
const RUN_LENGTH = 1

function frameHeader(windowDescriptor: number, size: number): Buffer {
  const header = Buffer.alloc(14)
  header.writeUInt32LE(0xfd2fb528, 0)
  header.writeUInt8(0b1100_0000, 4)
  header.writeUInt8(windowDescriptor, 5)
  header.writeBigUInt64LE(BigInt(size), 6)
  return header
}

function blockHeader(size: number, type: number, isLast: boolean): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((size << 3) | (type << 1) | (isLast ? 1 : 0), 0, 3)
  return header
}
