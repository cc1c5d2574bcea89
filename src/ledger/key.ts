import { hash } from 'node:crypto'
import type { SourceName } from '../core/usage.ts'

/**
 * The key of a response: the first 16 bytes of SHA-256 over its source and identity. Ids in logs are free text; a
 * cryptographic hash keeps rows small and a hostile log from making two of its responses collide with others.
 */
export function responseKey(source: SourceName, identity: string): Buffer {
  return hash('sha256', `${source}\n${identity}`, 'buffer').subarray(0, 16)
}
