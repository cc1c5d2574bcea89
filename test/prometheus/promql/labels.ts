import type { Expr } from './parse.ts'

/** Label names of every family; throws for one that does not exist. */
export type LabelsOf = (family: string) => ReadonlySet<string>

const SET_OPERATORS = new Set(['and', 'or', 'unless'])

/**
 * Which labels the series of an expression can have; null for a number. Throws where it names a label that the series at
 * that place do not have, or puts series together that can never match.
 */
export function labelsIn(expr: Expr, labelsOf: LabelsOf): ReadonlySet<string> | null {
  switch (expr.kind) {
    case 'constant':
      return null
    case 'selector': {
      const labels = labelsOf(expr.name)
      mustHave(
        labels,
        expr.matchers.map(({ label }) => label),
        expr.name,
      )
      return labels
    }
    case 'call':
      return labelsOfCall(expr, labelsOf)
    case 'aggregation': {
      const labels = labelsIn(expr.of, labelsOf) ?? new Set()
      const { by, labels: named } = expr.grouping
      mustHave(labels, named, 'an aggregation')
      if (expr.keepsAll) return labels
      return new Set([...labels].filter((label) => named.includes(label) === by))
    }
    case 'binary':
      return labelsOfBinary(expr, labelsOf)
  }
}

function labelsOfCall(expr: Extract<Expr, { kind: 'call' }>, labelsOf: LabelsOf): ReadonlySet<string> | null {
  const vectors = expr.args.map((arg) => labelsIn(arg, labelsOf)).filter((labels) => labels !== null)
  if (expr.name === 'time') return null
  if (expr.name === 'absent') return new Set()
  const labels = new Set(vectors.flatMap((set) => [...set]))
  if (expr.name !== 'label_replace') return labels
  const [added = '', , source = ''] = expr.texts
  mustHave(labels, [source], 'label_replace')
  return labels.add(added)
}

function labelsOfBinary(
  { operator, left, right, on }: Extract<Expr, { kind: 'binary' }>,
  labelsOf: LabelsOf,
): ReadonlySet<string> | null {
  const ofLeft = labelsIn(left, labelsOf)
  const ofRight = labelsIn(right, labelsOf)
  if (ofLeft === null || ofRight === null) return ofLeft ?? ofRight
  if (on.labels !== null) {
    mustHave(ofLeft, on.labels, `the left of "${operator}"`)
    mustHave(ofRight, on.labels, `the right of "${operator}"`)
  } else if (operator !== 'or' && [...ofLeft].sort().join() !== [...ofRight].sort().join()) {
    throw new Error(`"${operator}" between {${[...ofLeft]}} and {${[...ofRight]}} matches nothing`)
  }
  if (operator === 'or') return new Set([...ofLeft, ...ofRight])
  mustHave(ofRight, on.copied, `the right of "${operator}"`)
  if (SET_OPERATORS.has(operator) || on.labels === null || on.keepsLeft) return new Set([...ofLeft, ...on.copied])
  return new Set(on.labels)
}

function mustHave(labels: ReadonlySet<string>, named: readonly string[], where: string): void {
  const missing = named.filter((label) => !labels.has(label))
  if (missing.length > 0) throw new Error(`${where} has no label ${missing.join(', ')}: {${[...labels].join(', ')}}`)
}
