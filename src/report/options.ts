import { DIMENSIONS } from '../ledger/ledger.ts'

/** What usage can be grouped by. */
export const GROUPINGS = DIMENSIONS
export type Grouping = (typeof GROUPINGS)[number]

/** What usage can be narrowed down to. */
export const FILTERS = ['source', 'agent', 'project', 'model', 'provider', 'branch', 'billing', 'machine'] as const
export type Filter = (typeof FILTERS)[number]

export const SORT_KEYS = [
  'cost',
  'tokens',
  'input',
  'output',
  'cache-read',
  'requests',
  'name',
  'start',
  'last',
] as const
export type SortKey = (typeof SORT_KEYS)[number]

export interface Sort {
  readonly key: SortKey
  readonly descending: boolean
}

/** What a report is asked for, whoever asks. */
export interface ReportOptions {
  readonly days?: number | 'all'
  readonly since?: string
  readonly until?: string
  readonly by?: readonly Grouping[]
  readonly sort?: Sort
  readonly top?: number
}

/** Exact names. */
export type ReportFilters = Partial<Readonly<Record<Filter, string>>>
