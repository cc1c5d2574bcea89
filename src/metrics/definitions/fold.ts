import { OTHER } from '../../view/labels.ts'

export interface FoldRule<Row> {
  readonly limit: number
  readonly organization: (row: Row) => string
  /** The smallest rows are folded. */
  readonly size: (row: Row) => bigint
  /** The rows of an organisation as one, whose labels are `other`. Never called without rows. */
  readonly fold: (organization: string, rows: readonly [Row, ...Row[]]) => Row
}

/** At most `limit` rows: those beyond it become one per organisation, so that sums stay what they are. */
export function foldSmallest<Row>(
  rows: readonly Row[],
  { limit, organization, size, fold }: FoldRule<Row>,
): readonly Row[] {
  if (rows.length <= limit) return rows
  const organizations = new Set(rows.map(organization))
  const bySize = rows.toSorted((a, b) => compare(size(b), size(a)))
  const kept = new Set(bySize.slice(0, Math.max(0, limit - organizations.size)))
  return [
    ...rows.filter((row) => kept.has(row)),
    ...[...organizations].flatMap((name) => {
      const [first, ...others] = rows.filter((row) => !kept.has(row) && organization(row) === name)
      return first === undefined ? [] : [fold(name, [first, ...others])]
    }),
  ]
}

/** The same labels with `other` for everything but the organisation. */
export function otherLabels<Labels extends { readonly organization: string }>(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, name === 'organization' ? value : OTHER]),
  ) as Labels
}

export function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
