import { Decompress } from 'fzstd'
import type { FileSystem } from './file-system.ts'
import { readFully } from './read-fully.ts'

/** The file is no Zstandard data, damaged, cut off, or needs more memory than any ordinary file. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError'
}

export interface Decompressed {
  readonly data: readonly Uint8Array[]
  /** Bytes of the file that were read so far. */
  readonly position: number
}

const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
/** Magic, descriptor, window and the largest content size; a dictionary is not supported. */
const HEADER_LIMIT_BYTES = 4 + 1 + 1 + 8
const BLOCK_LIMIT_BYTES = 128 * 1024
/** What the `zstd` program accepts unless told otherwise. */
const WINDOW_LIMIT_BYTES = 128 * 1024 * 1024
const CHECKSUM_BYTES = 4
const RUN_LENGTH_BLOCK = 1
const RESERVED_BLOCK = 3

/**
 * Decompresses a file of Zstandard frames (https://datatracker.ietf.org/doc/html/rfc8878), one block at a time: a block
 * is never more than 128 KiB, however much a damaged or malicious file claims to hold. Throws UndecodableError.
 */
export function* decompressFile(fs: FileSystem, fd: number, size: number): Generator<Decompressed> {
  for (let at = 0; at < size; ) {
    const header = readHeader(fs, fd, at, size)
    if (header.skipTo !== null) at = header.skipTo
    else at = yield* decompressFrame(fs, fd, at, header)
  }
}

function* decompressFrame(
  fs: FileSystem,
  fd: number,
  start: number,
  { headerBytes, hasChecksum }: FrameHeader,
): Generator<Decompressed, number> {
  let data: Uint8Array[] = []
  const decoder = new Decompress((chunk) => data.push(chunk))
  push(decoder, read(fs, fd, start, headerBytes), false)
  for (let at = start + headerBytes; ; ) {
    const blockHeader = read(fs, fd, at, 3).readUIntLE(0, 3)
    const isLast = (blockHeader & 1) === 1
    const type = (blockHeader >> 1) & 3
    const size = blockHeader >> 3
    if (type === RESERVED_BLOCK || size > BLOCK_LIMIT_BYTES) throw new UndecodableError('bad block')
    const bytes = 3 + (type === RUN_LENGTH_BLOCK ? 1 : size) + (isLast && hasChecksum ? CHECKSUM_BYTES : 0)
    push(decoder, read(fs, fd, at, bytes), isLast)
    at += bytes
    yield { data, position: at }
    if (isLast) return at
    data = []
  }
}

interface FrameHeader {
  /** Where a frame ends that holds no content; null for a frame with content. */
  readonly skipTo: number | null
  readonly headerBytes: number
  readonly hasChecksum: boolean
}

function readHeader(fs: FileSystem, fd: number, at: number, size: number): FrameHeader {
  const bytes = read(fs, fd, at, Math.min(HEADER_LIMIT_BYTES, size - at))
  if (bytes.length < 8) throw new UndecodableError('cut off')
  const magic = bytes.readUInt32LE(0)
  if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
    return { skipTo: at + 8 + bytes.readUInt32LE(4), headerBytes: 8, hasChecksum: false }
  }
  if (magic !== MAGIC) throw new UndecodableError('no Zstandard data')
  const descriptor = bytes.readUInt8(4)
  const isSingleSegment = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >> 6
  const sizeBytes = sizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 1 << sizeFlag
  const headerBytes = (isSingleSegment ? 5 : 6) + sizeBytes
  const needsDictionary = (descriptor & 0x03) !== 0
  if (needsDictionary || headerBytes > bytes.length) throw new UndecodableError('bad header')
  const windowBytes = isSingleSegment ? readSize(bytes, 5, sizeBytes) : windowSize(bytes.readUInt8(5))
  if (windowBytes > WINDOW_LIMIT_BYTES) throw new UndecodableError('window too large')
  return { skipTo: null, headerBytes, hasChecksum: (descriptor & 0x04) !== 0 }
}

function readSize(header: Buffer, at: number, bytes: number): number {
  if (bytes === 8) return Number(header.readBigUInt64LE(at))
  return header.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0)
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

function push(decoder: Decompress, chunk: Buffer, isLast: boolean): void {
  try {
    decoder.push(chunk, isLast)
  } catch (cause) {
    throw new UndecodableError('bad data', { cause })
  }
}

/** New memory each time: the decoder keeps what it is given. */
function read(fs: FileSystem, fd: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes)
  if (!readFully(fs, fd, buffer, position)) throw new UndecodableError('cut off')
  return buffer
}
