const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const UUID_CHARS = 36
const UUID_BYTES = 16

/** A line id as bytes: the 16 bytes of a lower-case UUID, else its text (a trailing NUL keeps 16-byte text apart). */
export function encodeUuid(text: string): Buffer {
  if (text.length === UUID_CHARS && UUID.test(text)) {
    const [a, b, c, d, e] = [
      text.slice(0, 8),
      text.slice(9, 13),
      text.slice(14, 18),
      text.slice(19, 23),
      text.slice(24),
    ]
    return Buffer.from(a + b + c + d + e, 'hex')
  }
  const bytes = Buffer.from(text)
  return bytes.length === UUID_BYTES ? Buffer.concat([bytes, Buffer.of(0)]) : bytes
}

export function decodeUuid(bytes: Buffer): string {
  if (bytes.length === UUID_BYTES) {
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
  return bytes.length === UUID_BYTES + 1 && bytes[UUID_BYTES] === 0
    ? bytes.toString('utf8', 0, UUID_BYTES)
    : bytes.toString()
}
