import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'

const deflate = promisify(deflateRaw)

// RFC 1952: magic number, deflate, no flags, no time, fastest compression, unknown system.
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255])

/** Compressed text that more can be put behind. */
export interface GzipBeginning {
  readonly data: Buffer
  readonly crc: number
  readonly size: number
}

/** Compresses what stays the same between scrapes. It ends on a byte boundary, with no final block (RFC 1951). */
export async function beginGzip(text: Buffer): Promise<GzipBeginning> {
  const data = await deflate(text, { level: 1, finishFlush: constants.Z_SYNC_FLUSH })
  return { data, crc: crc32(text), size: text.length }
}

/** Completes a gzip file with what changes at every scrape, as one member, without compressing the beginning again. */
export async function endGzip(beginning: GzipBeginning, text: Buffer): Promise<Buffer> {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(text, beginning.crc), 0)
  trailer.writeUInt32LE((beginning.size + text.length) % 2 ** 32, 4)
  return Buffer.concat([GZIP_HEADER, beginning.data, await deflate(text, { level: 1 }), trailer])
}
