import type { FamilyInfo } from '../metrics/definition.ts'
import { bytesField, fixed64Field, integerField, joined, textField } from './protobuf.ts'

// Remote-Write 1.0: https://prometheus.io/docs/specs/prw/remote_write_spec/, messages of prompb/remote.proto and types.proto.
const REQUEST = { timeseries: 1, metadata: 3 } as const
const TIME_SERIES = { labels: 1, samples: 2 } as const
const LABEL = { name: 1, value: 2 } as const
const SAMPLE = { value: 1, timestamp: 2 } as const
const METADATA = { type: 1, family: 2, help: 4, unit: 5 } as const
const METADATA_TYPES = { counter: 1, gauge: 2, histogram: 3, summary: 5 } as const

// Among all NaNs these bits alone say that a series ends, and these that a value is no number.
const STALE_NAN = Uint8Array.of(0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f)
const ORDINARY_NAN = Uint8Array.of(0x01, 0, 0, 0, 0, 0, 0xf8, 0x7f)

/** Labels of a series in the bytes of the protocol. */
export type LabelBytes = Uint8Array

export interface SeriesSample {
  readonly labels: LabelBytes
  /** Null: the series ends here. */
  readonly value: number | null
}

/** Encodes the labels of a series, `__name__` among them: sorted by name, those without a value left out. */
export function encodeLabels(labels: ReadonlyMap<string, string>): LabelBytes {
  const pairs = [...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return joined(
    pairs.map(([name, value]) =>
      bytesField(TIME_SERIES.labels, textField(LABEL.name, name), textField(LABEL.value, value)),
    ),
  )
}

/** One series with one sample, as part of a WriteRequest. `atMs` in epoch milliseconds. */
export function encodeSeries({ labels, value }: SeriesSample, atMs: number): Uint8Array {
  const at = integerField(SAMPLE.timestamp, atMs)
  const sample = bytesField(TIME_SERIES.samples, fixed64Field(SAMPLE.value, valueBytes(value)), at)
  return bytesField(REQUEST.timeseries, labels, sample)
}

/** What a family is, as part of a WriteRequest. Families of histograms go by their name without a suffix. */
export function encodeMetadata({ name, type, help, unit }: FamilyInfo): Uint8Array {
  return bytesField(
    REQUEST.metadata,
    joined([
      integerField(METADATA.type, METADATA_TYPES[type]),
      textField(METADATA.family, name),
      textField(METADATA.help, help),
      ...(unit === '' ? [] : [textField(METADATA.unit, unit)]),
    ]),
  )
}

function valueBytes(value: number | null): Uint8Array {
  if (value === null) return STALE_NAN
  if (Number.isNaN(value)) return ORDINARY_NAN
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}
