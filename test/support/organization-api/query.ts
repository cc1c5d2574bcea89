import { createHash } from 'node:crypto'
import { badRequest } from './failure.ts'

/** Rejects parameters that the endpoint does not have. Stricter than promised, so that a misspelt one is noticed. */
export function allowOnly(url: URL, names: readonly string[]): void {
  for (const name of url.searchParams.keys()) {
    if (!names.includes(name) && name !== 'beta') throw badRequest(`${name}: Extra inputs are not permitted`)
  }
}

/** An RFC 3339 instant with a zone, epoch milliseconds; undefined when it is absent. */
export function instant(url: URL, name: string): number | undefined {
  const text = url.searchParams.get(name)
  if (text === null) return undefined
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw badRequest(`${name}: Input should be a valid datetime with a time zone`)
  return at
}

export function requiredInstant(url: URL, name: string): number {
  const at = instant(url, name)
  if (at === undefined) throw badRequest(`${name}: Field required`)
  return at
}

export function limitOf(url: URL, fallback: number, maximum: number): number {
  const text = url.searchParams.get('limit')
  if (text === null) return fallback
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1) {
    throw badRequest('limit: Input should be greater than or equal to 1')
  }
  if (limit > maximum) throw badRequest(`limit: Input should be less than or equal to ${maximum}`)
  return limit
}

/** One of the values, or the fallback when the parameter is absent. */
export function choice<T extends string>(url: URL, name: string, values: readonly T[], fallback: T): T {
  const text = url.searchParams.get(name)
  if (text === null) return fallback
  const found = values.find((value) => value === text)
  if (found === undefined)
    throw badRequest(`${name}: Input should be ${values.map((value) => `'${value}'`).join(', ')}`)
  return found
}

/** The grouped dimensions; those of `free` do not count towards the five. */
export function groupsOf(url: URL, allowed: readonly string[], free: readonly string[] = []): readonly string[] {
  const groups = [...new Set(url.searchParams.getAll('group_by[]'))]
  for (const group of groups) {
    if (!allowed.includes(group) && !free.includes(group)) {
      throw badRequest(`group_by: Input should be ${[...allowed, ...free].map((value) => `'${value}'`).join(', ')}`)
    }
  }
  if (groups.filter((group) => !free.includes(group)).length > 5) {
    throw badRequest('group_by: at most 5 group_by dimensions are allowed')
  }
  return groups
}

export interface PageOf<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** The page that the cursor points to. A cursor is only good for the query that it came from. */
export function pageOf<T>(url: URL, all: readonly T[], limit: number): PageOf<T> {
  const offset = offsetOf(url)
  const end = offset + limit
  return { items: all.slice(offset, end), next: end < all.length ? cursorAt(url, end) : null }
}

export function cursorAt(url: URL, offset: number): string {
  return `page_${Buffer.from(JSON.stringify([digest(url), offset])).toString('base64url')}`
}

export function offsetOf(url: URL): number {
  const page = url.searchParams.get('page')
  if (page === null) return 0
  const [of, offset] = decode(page)
  if (of !== digest(url)) throw badRequest('page: cursor does not match current query parameters')
  return offset
}

function decode(page: string): readonly [digest: string, offset: number] {
  const match = /^\["([0-9a-f]+)",(\d+)\]$/.exec(Buffer.from(page.replace(/^page_/, ''), 'base64url').toString())
  if (match?.[1] === undefined) throw badRequest('page: invalid cursor')
  return [match[1], Number(match[2])]
}

function digest(url: URL): string {
  const pairs = [...url.searchParams]
    .filter(([name]) => name !== 'page')
    .sort((a, b) => compare(a.join('='), b.join('=')))
  return createHash('sha256')
    .update(JSON.stringify([url.pathname, pairs]))
    .digest('hex')
    .slice(0, 16)
}

export function compare<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** `2026-11-21T00:00:00Z`. */
export function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}

/** Pico-dollars as cents with a fraction: `123.78912`. */
export function cents(pico: bigint): string {
  const sign = pico < 0n ? '-' : ''
  const magnitude = pico < 0n ? -pico : pico
  const fraction = (magnitude % 10_000_000_000n).toString().padStart(10, '0').replace(/0+$/, '')
  return `${sign}${magnitude / 10_000_000_000n}${fraction === '' ? '' : `.${fraction}`}`
}
