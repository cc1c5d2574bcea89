import { compress } from 'snappyjs'
import type { FamilyInfo } from '../metrics/definition.ts'
import { joined } from './protobuf.ts'
import { encodeMetadata } from './write-request.ts'

/** Limits of a request; receivers refuse what is too large. */
const MAX_SERIES = 1_000
const MAX_BYTES = 1_048_576

/** A WriteRequest as it is sent. */
export interface WriteRequest {
  /** Compressed. */
  readonly body: Uint8Array
  /** How many samples are in it. */
  readonly samples: number
}

/** Encoded series with one sample each, in as many requests as it takes. */
export function* requestsOf(series: Iterable<Uint8Array>): Generator<WriteRequest> {
  let parts: Uint8Array[] = []
  let bytes = 0
  for (const part of series) {
    if (parts.length === MAX_SERIES || (parts.length > 0 && bytes + part.length > MAX_BYTES)) {
      yield { body: compress(joined(parts)), samples: parts.length }
      parts = []
      bytes = 0
    }
    parts.push(part)
    bytes += part.length
  }
  if (parts.length > 0) yield { body: compress(joined(parts)), samples: parts.length }
}

/** What the families are, in one request without samples. */
export function metadataRequest(families: Iterable<FamilyInfo>): WriteRequest {
  return { body: compress(joined([...families].map(encodeMetadata))), samples: 0 }
}
