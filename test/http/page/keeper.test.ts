import { describe, expect, it } from 'vitest'
import { Keeper } from '../../../src/http/page/keeper.ts'

/** Makes 1, 2, 3 and so on. */
function counting() {
  let made = 0
  return new Keeper(async () => {
    made += 1
    return made
  })
}

describe('a kept page', () => {
  it.each([
    { when: 'at once', version: 7, afterMs: 0, isKept: true },
    { when: 'within a second, although something changed', version: 8, afterMs: 999, isKept: true },
    { when: 'after a second in which something changed', version: 8, afterMs: 1_000, isKept: false },
    { when: 'within 30 s in which nothing changed', version: 7, afterMs: 29_999, isKept: true },
    { when: 'after 30 s, although nothing changed', version: 7, afterMs: 30_000, isKept: false },
  ])('asked for again $when: kept $isKept', async ({ version, afterMs, isKept }) => {
    const keeper = counting()
    await keeper.get(7, 5_000)
    expect(await keeper.get(version, 5_000 + afterMs)).toBe(isKept ? 1 : 2)
  })

  it('is made once for all who ask while it is being made, however long that takes', async () => {
    let finish: (page: string) => void = () => {}
    let begun = 0
    const keeper = new Keeper(() => {
      begun += 1
      return new Promise<string>((resolve) => {
        finish = resolve
      })
    })
    const asked = [keeper.get(1, 0), keeper.get(2, 60_000), keeper.get(3, 120_000)]
    finish('page')
    expect(await Promise.all(asked)).toEqual(['page', 'page', 'page'])
    expect(begun).toBe(1)
  })

  it('is as old as when it was begun', async () => {
    let finish: (page: number) => void = () => {}
    const keeper = new Keeper(() => new Promise<number>((resolve) => (finish = resolve)))
    const first = keeper.get(1, 0)
    finish(1)
    await first
    const second = keeper.get(2, 1_500)
    finish(2)
    expect(await second).toBe(2)
  })

  it('is not kept when it could not be made', async () => {
    let attempts = 0
    const keeper = new Keeper(async () => {
      attempts += 1
      if (attempts === 1) throw new Error('busy')
      return attempts
    })
    await expect(keeper.get(1, 0)).rejects.toThrow('busy')
    expect(await keeper.get(1, 0)).toBe(2)
  })
})
