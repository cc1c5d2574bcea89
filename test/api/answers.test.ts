import { describe, expect, it } from 'vitest'
import { Answers } from '../../src/api/answers.ts'
import { Turns } from '../../src/api/turns.ts'
import { createBody } from '../../src/lib/body.ts'
import { problemOf } from './support.ts'

describe('answers that are kept', () => {
  it('are made once for all who ask while nothing changes', async () => {
    const answers = new Answers(0)
    let made = 0
    const make = async () => createBody(JSON.stringify({ made: ++made }))
    const both = await Promise.all([answers.get('a', 1, make), answers.get('a', 1, make)])
    expect(new Set(both).size).toBe(1)
    expect((await answers.get('a', 1, make)).bytes.toString()).toBe('{"made":1}')
    expect((await answers.get('b', 1, make)).bytes.toString()).toBe('{"made":2}')
    expect((await answers.get('a', 2, make)).bytes.toString()).toBe('{"made":3}')
  })

  it('are good for a moment, whatever changes', async () => {
    const answers = new Answers(60_000)
    const first = await answers.get('a', 1, async () => createBody('1'))
    expect(await answers.get('a', 2, async () => createBody('2'))).toBe(first)
  })

  it('are not kept where there was none', async () => {
    const answers = new Answers(60_000)
    await expect(answers.get('a', 1, () => Promise.reject(new Error('busy')))).rejects.toThrow('busy')
    expect((await answers.get('a', 1, async () => createBody('2'))).bytes.toString()).toBe('2')
  })

  it('are few', async () => {
    const answers = new Answers(60_000)
    const first = await answers.get('0', 1, async () => createBody('0'))
    for (let index = 1; index <= 32; index++) await answers.get(String(index), 1, async () => createBody(String(index)))
    expect(await answers.get('0', 1, async () => createBody('again'))).not.toBe(first)
  })

  it('that are large are not kept', async () => {
    const answers = new Answers(60_000)
    const first = await answers.get('a', 1, async () => createBody('x'.repeat(1_000_001)))
    expect(await answers.get('a', 1, async () => createBody('y'))).not.toBe(first)
  })
})

describe('turns', () => {
  it('come one after the other, also after one that failed', async () => {
    const turns = new Turns(5)
    const log: string[] = []
    const work = (name: string, fails = false) =>
      turns.take(async () => {
        log.push(`${name} begins`)
        await new Promise(setImmediate)
        log.push(`${name} ends`)
        if (fails) throw new Error(name)
        return name
      })
    const results = await Promise.allSettled([work('a'), work('b', true), work('c')])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('are refused while too many wait, and given again afterwards', async () => {
    const turns = new Turns(2)
    let finish = () => {}
    const first = turns.take(() => new Promise<void>((resolve) => (finish = resolve)))
    const second = turns.take(async () => {})
    const refused = await problemOf(turns.take(async () => {}))
    expect([refused.status, refused.problem.retryAfterSeconds]).toEqual([503, 1])
    await new Promise(setImmediate)
    finish()
    await Promise.all([first, second])
    expect(await turns.take(async () => 'third')).toBe('third')
  })
})
