// What of https://protobuf.dev/programming-guides/encoding/ the remote-write protocol needs.
const WIRE_VARINT = 0
const WIRE_64_BIT = 1
const WIRE_LENGTH = 2

/** A field of a whole number, 0 to 2^53 - 1. */
export function integerField(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(tag(field, WIRE_VARINT)), ...varint(value)])
}

/** A field of eight bytes, given as they go out (little endian). */
export function fixed64Field(field: number, bytes: Uint8Array): Uint8Array {
  return joined([Uint8Array.of(tag(field, WIRE_64_BIT)), bytes])
}

export function textField(field: number, text: string): Uint8Array {
  // A surrogate without its partner becomes U+FFFD here, as it does where a page is written.
  return bytesField(field, Buffer.from(text, 'utf8'))
}

/** A field of bytes, or of a message in bytes. */
export function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return joined([Uint8Array.from([...varint(tag(field, WIRE_LENGTH)), ...varint(bytes.length)]), bytes])
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}

function tag(field: number, wireType: number): number {
  return field * 8 + wireType
}

/** Seven bits a byte, the lowest first. Division, because bit operators end at 32 bits. */
function varint(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`no varint: ${value}`)
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return bytes
}
