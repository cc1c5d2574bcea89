import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ModelPath } from '../../../src/sources/pi-log/model-path.ts'

const OPUS = { provider: 'anthropic', model: 'claude-opus-4-8' }
const HAIKU = { provider: 'anthropic', model: 'claude-haiku-4-5' }

/** root(opus) ─ user ─┬─ left(haiku) ─ leaf
 *                     └─ right */
function tree(): ModelPath {
  const path = new ModelPath()
  path.add('root', null, OPUS)
  path.add('user', 'root', null)
  path.add('left', 'user', HAIKU)
  path.add('leaf', 'left', null)
  path.add('right', 'user', null)
  return path
}

describe('ModelPath', () => {
  it.each([
    { at: 'root', name: OPUS, isExact: true },
    { at: 'user', name: OPUS, isExact: true },
    { at: 'leaf', name: HAIKU, isExact: true },
    { at: 'right', name: OPUS, isExact: true },
    { at: 'elsewhere', name: HAIKU, isExact: false },
    { at: null, name: HAIKU, isExact: false },
  ])('at $at it is $name.model', ({ at, name, isExact }) => {
    expect(tree().at(at)).toEqual({ name, isExact })
  })

  it('has no model before the log names one', () => {
    const path = new ModelPath()
    path.add('user', null, null)
    expect(path.at('user')).toEqual({ name: null, isExact: true })
  })

  it('follows file order where entries have no ids, as in version 1', () => {
    const path = new ModelPath()
    path.add(undefined, undefined, OPUS)
    path.add(undefined, undefined, HAIKU)
    expect(path.at(undefined).name).toEqual(HAIKU)
  })

  it('forgets the oldest entries and then falls back to the last model in the file', () => {
    const path = tree()
    for (let n = 0; n < 100; n++) path.add(`n${n}`, n === 0 ? 'right' : `n${n - 1}`, null)
    expect(path.at('root')).toEqual({ name: HAIKU, isExact: false })
    expect(path.at('n99')).toEqual({ name: OPUS, isExact: true })
  })

  it('stays small, whatever a log holds', () => {
    const path = new ModelPath()
    for (let n = 0; n < 10_000; n++) path.add(`id-${n}`, null, { provider: 'p', model: `m${n}` })
    expect(JSON.stringify(path).length).toBeLessThan(5000)
    expect(path.at('id-9999').name?.model).toBe('m9999')
  })

  it.each([null, 'text', { names: 5, last: 7, entries: [[9, 'x'], null, [0, 8]] }])(
    'starts anew from a broken state %j',
    (state) => {
      expect(ModelPath.fromJSON(state).at('x').name).toBeNull()
    },
  )

  it('is the same after it was saved and restored at any point', () => {
    const id = fc.constantFrom('a1', 'b2', 'c3', 'd4', 'e5')
    const step = fc.record({ id, parent: fc.option(id), named: fc.option(fc.constantFrom(OPUS, HAIKU)) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(30), (steps, restart) => {
        const straight = new ModelPath()
        let restored = new ModelPath()
        for (const [index, { id: entry, parent, named }] of steps.entries()) {
          if (index === restart) restored = ModelPath.fromJSON(JSON.parse(JSON.stringify(restored)))
          straight.add(entry, parent, named)
          restored.add(entry, parent, named)
        }
        expect(JSON.stringify(restored)).toBe(JSON.stringify(straight))
        for (const entry of ['a1', 'b2', 'c3', 'd4', 'e5', 'f6']) expect(restored.at(entry)).toEqual(straight.at(entry))
      }),
    )
  })
})
