import { uncompress } from 'snappyjs'

/** A series as a receiver reads it. */
export interface DecodedSeries {
  readonly labels: readonly (readonly [name: string, value: string])[]
  readonly samples: readonly { readonly value: number; readonly bits: string; readonly at: number }[]
}

export interface DecodedMetadata {
  readonly type: number
  readonly family: string
  readonly help: string
  readonly unit: string
}

/** Reads a compressed WriteRequest, sharing nothing with the writer. Throws on anything odd. */
export function decodeRequest(body: Uint8Array) {
  return decodeMessage(uncompress(body))
}

/** Reads a WriteRequest. */
export function decodeMessage(bytes: Uint8Array) {
  const series: DecodedSeries[] = []
  const metadata: DecodedMetadata[] = []
  for (const { field, data } of fieldsOf(bytes)) {
    if (field === 1) series.push(decodeSeries(bytesOf(data)))
    else if (field === 3) metadata.push(decodeMetadata(bytesOf(data)))
    else throw new Error(`unknown field ${field}`)
  }
  return { series, metadata }
}

function decodeSeries(bytes: Uint8Array): DecodedSeries {
  const labels: [string, string][] = []
  const samples: { value: number; bits: string; at: number }[] = []
  for (const { field, data } of fieldsOf(bytes)) {
    const parts = new Map(fieldsOf(bytesOf(data)).map((part) => [part.field, part.data]))
    if (field === 1) {
      labels.push([textOf(parts.get(1)), textOf(parts.get(2))])
    } else if (field === 2) {
      const value = Buffer.from(bytesOf(parts.get(1)))
      samples.push({
        value: value.readDoubleLE(),
        bits: value.readBigUInt64LE().toString(16),
        at: Number(parts.get(2)),
      })
    } else throw new Error(`unknown field ${field}`)
  }
  return { labels, samples }
}

function decodeMetadata(bytes: Uint8Array): DecodedMetadata {
  const parts = new Map(fieldsOf(bytes).map(({ field, data }) => [field, data]))
  return {
    type: Number(parts.get(1) ?? 0n),
    family: textOf(parts.get(2)),
    help: textOf(parts.get(4)),
    unit: parts.has(5) ? textOf(parts.get(5)) : '',
  }
}

type Data = bigint | Uint8Array

function fieldsOf(bytes: Uint8Array): { readonly field: number; readonly data: Data }[] {
  const fields: { field: number; data: Data }[] = []
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('cut off')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const take = (length: number) => {
    if (at + length > bytes.length) throw new Error('cut off')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const wireType = tag & 7
    if (wireType !== 0 && wireType !== 1 && wireType !== 2) throw new Error(`wire type ${wireType}`)
    fields.push({ field: tag >> 3, data: wireType === 0 ? varint() : take(wireType === 1 ? 8 : Number(varint())) })
  }
  return fields
}

function bytesOf(data: Data | undefined): Uint8Array {
  if (!(data instanceof Uint8Array)) throw new Error('no bytes')
  return data
}

function textOf(data: Data | undefined): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(data))
}
