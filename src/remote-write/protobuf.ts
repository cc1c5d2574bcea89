// What of https://protobuf.dev/programming-guides/encoding/ the remote-write protocol needs.
const WIRE_VARINT = 0
const WIRE_64_BIT = 1
const WIRE_LENGTH = 2
/** Fields up to 2,047. */
const MAX_TAG_BYTES = 2

/** A field of a whole number, 0 to 2^53 - 1. */
export function integerField(field: number, value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(varintLength(value) + MAX_TAG_BYTES)
  return bytes.subarray(0, writeVarint(bytes, writeVarint(bytes, 0, tag(field, WIRE_VARINT)), value))
}

/** A field of eight bytes, given as they go out (little endian). */
export function fixed64Field(field: number, bytes: Uint8Array): Uint8Array {
  return joined([Uint8Array.of(tag(field, WIRE_64_BIT)), bytes])
}

export function textField(field: number, text: string): Uint8Array {
  // A surrogate without its partner becomes U+FFFD here, as it does where a page is written.
  return bytesField(field, Buffer.from(text, 'utf8'))
}

/** A field of bytes, or of a message in bytes, given in parts: in one piece of memory, for there are many of them. */
export function bytesField(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const bytes = Buffer.allocUnsafe(MAX_TAG_BYTES + varintLength(length) + length)
  let end = writeVarint(bytes, writeVarint(bytes, 0, tag(field, WIRE_LENGTH)), length)
  for (const part of parts) {
    bytes.set(part, end)
    end += part.length
  }
  return bytes.subarray(0, end)
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}

function tag(field: number, wireType: number): number {
  return field * 8 + wireType
}

function varintLength(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`no varint: ${value}`)
  let length = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++
  return length
}

/** Seven bits a byte, the lowest first. Division, because bit operators end at 32 bits. Returns where it ends. */
function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let end = at
  let rest = value
  while (rest >= 0x80) {
    bytes[end++] = (rest % 0x80) + 0x80
    rest = Math.floor(rest / 0x80)
  }
  bytes[end++] = rest
  return end
}
