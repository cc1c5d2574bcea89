import { decompress } from 'fzstd'

/**
 * Decompresses Zstandard data (https://datatracker.ietf.org/doc/html/rfc8878) of one or more frames; null where it is
 * damaged, needs a dictionary, or would grow beyond `limitBytes`. What a frame says about its size is checked against
 * its blocks before anything is allocated.
 */
export function decompressZstd(data: Uint8Array, limitBytes: number): Buffer | null {
  const frames: Frame[] = []
  let total = 0
  for (let at = 0; at < data.length; ) {
    const frame = readFrame(data, at)
    if (frame === null) return null
    total += frame.contentBytes
    if (total > limitBytes) return null
    if (frame.hasContent) frames.push(frame)
    at = frame.end
  }
  try {
    return Buffer.concat(frames.map((frame) => decompress(withSmallWindow(data, frame))))
  } catch {
    return null
  }
}

interface Frame {
  readonly start: number
  readonly end: number
  /** False for frames that decoders skip. */
  readonly hasContent: boolean
  /** False where the content is the window. */
  readonly hasWindow: boolean
  /** Size after decompression, or the most its blocks can hold where the frame does not say. */
  readonly contentBytes: number
}

const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const BLOCK_LIMIT_BYTES = 128 * 1024
const RUN_LENGTH_BLOCK = 1
const COMPRESSED_BLOCK = 2

const WINDOW_AT = 5
const SMALLEST_WINDOW_LOG = 10

/**
 * The frame with a window that is no larger than its content can be: streaming writers ask for megabytes around a few
 * bytes, and the decoder would allocate them.
 */
function withSmallWindow(data: Uint8Array, { start, end, hasWindow, contentBytes }: Frame): Uint8Array {
  const frame = data.subarray(start, end)
  if (!hasWindow) return frame
  const log = Math.max(SMALLEST_WINDOW_LOG, Math.ceil(Math.log2(Math.max(contentBytes, 1))))
  const copy = Uint8Array.from(frame)
  copy[WINDOW_AT] = Math.min(copy[WINDOW_AT] ?? 0, (log - SMALLEST_WINDOW_LOG) << 3)
  return copy
}

function readFrame(data: Uint8Array, start: number): Frame | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  if (start + 8 > data.length) return null
  const magic = view.getUint32(start, true)
  if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
    const end = start + 8 + view.getUint32(start + 4, true)
    return end > data.length ? null : { start, end, hasContent: false, hasWindow: false, contentBytes: 0 }
  }
  if (magic !== MAGIC) return null
  const header = readHeader(view, start + 4)
  const blocks = header && readBlocks(view, header.end)
  if (!header || !blocks) return null
  const end = blocks.end + (header.hasChecksum ? 4 : 0)
  const contentBytes = header.contentBytes ?? blocks.mostBytes
  if (end > data.length || contentBytes > blocks.mostBytes) return null
  return { start, end, hasContent: true, hasWindow: header.hasWindow, contentBytes }
}

interface FrameHeader {
  readonly end: number
  readonly hasChecksum: boolean
  readonly contentBytes: number | null
  readonly hasWindow: boolean
}

function readHeader(view: DataView, start: number): FrameHeader | null {
  const descriptor = view.getUint8(start)
  const isSingleSegment = (descriptor & 0x20) !== 0
  const hasDictionary = (descriptor & 0x03) !== 0
  const hasReservedBit = (descriptor & 0x08) !== 0
  const sizeFlag = descriptor >> 6
  const sizeBytes = sizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 1 << sizeFlag
  const sizeAt = start + (isSingleSegment ? 1 : 2)
  const end = sizeAt + sizeBytes
  if (hasDictionary || hasReservedBit || end > view.byteLength) return null
  return {
    end,
    hasChecksum: (descriptor & 0x04) !== 0,
    contentBytes: readSize(view, sizeAt, sizeBytes),
    hasWindow: !isSingleSegment,
  }
}

function readSize(view: DataView, at: number, bytes: number): number | null {
  if (bytes === 1) return view.getUint8(at)
  if (bytes === 2) return view.getUint16(at, true) + 256
  if (bytes === 4) return view.getUint32(at, true)
  return bytes === 8 ? Number(view.getBigUint64(at, true)) : null
}

/** Walks the block headers of a frame: where it ends, and the most it can hold. */
function readBlocks(view: DataView, start: number): { end: number; mostBytes: number } | null {
  let mostBytes = 0
  let at = start
  while (at + 3 <= view.byteLength) {
    const header = view.getUint8(at) | (view.getUint16(at + 1, true) << 8)
    const type = (header >> 1) & 3
    const size = header >> 3
    if (type > COMPRESSED_BLOCK || size > BLOCK_LIMIT_BYTES) return null
    mostBytes += type === COMPRESSED_BLOCK ? BLOCK_LIMIT_BYTES : size
    at += 3 + (type === RUN_LENGTH_BLOCK ? 1 : size)
    if ((header & 1) === 1) return { end: at, mostBytes }
  }
  return null
}
