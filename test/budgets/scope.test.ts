import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesScope, scopeText } from '../../src/budgets/scope.ts'
import type { BudgetScope } from '../../src/core/budget.ts'

const web = { source: ['claude-code'], agent: ['web'], project: ['shop'], model: ['claude-opus-4-5'] }

describe('matchesScope', () => {
  it.each<[string, BudgetScope, boolean]>([
    ['no scope', {}, true],
    ['the same value', { agent: ['web'] }, true],
    ['another value', { agent: ['api'] }, false],
    ['another case', { agent: ['Web'] }, false],
    ['one of several patterns', { agent: ['api', 'web'] }, true],
    ['no pattern at all', { agent: [] }, false],
    ['two labels that match', { agent: ['web'], project: ['shop'] }, true],
    ['two labels of which one matches', { agent: ['web'], project: ['blog'] }, false],
    ['a label that is not there', { workspace: ['*'] }, false],
    ['a pattern for a part', { agent: ['we'] }, false],
    ['a star for anything', { agent: ['*'] }, true],
    ['a star at the end', { model: ['claude-opus-*'] }, true],
    ['a star at the end, for nothing', { agent: ['web*'] }, true],
    ['a star at the start', { model: ['*-4-5'] }, true],
    ['a star in the middle', { model: ['claude-*-4-5'] }, true],
    ['several stars', { model: ['*-op*-4-*'] }, true],
    ['pieces in another order', { model: ['*4*opus*'] }, false],
    ['a head and a tail that would overlap', { agent: ['web*eb'] }, false],
    ['a dot, which is only a dot', { agent: ['w.b'] }, false],
  ])('%s', (_case, scope, expected) => {
    expect(matchesScope(scope, web)).toBe(expected)
  })

  it('takes any value of a label', () => {
    const workspace = { workspace: ['wrkspc_01', 'Research'] }
    expect(matchesScope({ workspace: ['Research'] }, workspace)).toBe(true)
    expect(matchesScope({ workspace: ['wrkspc_*'] }, workspace)).toBe(true)
    expect(matchesScope({ workspace: ['research'] }, workspace)).toBe(false)
  })

  it('is done with patterns that make a regular expression run for ever', () => {
    const project = ['a'.repeat(20_000)]
    expect(matchesScope({ project: [`${'a*'.repeat(5_000)}b`] }, { project })).toBe(false)
    expect(matchesScope({ project: ['*a'.repeat(5_000)] }, { project })).toBe(true)
  })

  it('matches as a regular expression with `.*` does', () => {
    const text = (units: string) => fc.string({ unit: fc.constantFrom(...units), maxLength: 10 })
    fc.assert(
      fc.property(text('ab*.'), text('ab.'), (pattern, value) => {
        const pieces = pattern.split('*').map((piece) => piece.replaceAll('.', '\\.'))
        const expected = new RegExp(`^${pieces.join('.*')}$`).test(value)
        expect(matchesScope({ project: [pattern] }, { project: [value] })).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('scopeText', () => {
  it.each<[string, BudgetScope]>([
    ['everything', {}],
    ['agent=web|api,project=x*', { agent: ['web', 'api'], project: ['x*'] }],
    ['agent=web|api,project=x*', { project: ['x*'], agent: ['web', 'api'] }],
    ['model=claude-*,organization=acme', { organization: ['acme'], model: ['claude-*'] }],
    ['project=my shop', { project: ['my shop'] }],
    ['project="a,agent=b"', { project: ['a,agent=b'] }],
    ['project="a|b"|c', { project: ['a|b', 'c'] }],
    ['project="say \\"hi\\""', { project: ['say "hi"'] }],
    ['project="C:\\\\shop"', { project: ['C:\\shop'] }],
    ['project="two\\nlines"', { project: ['two\nlines'] }],
    ['project=""', { project: [''] }],
  ])('%s', (text, scope) => {
    expect(scopeText(scope)).toBe(text)
  })
})
