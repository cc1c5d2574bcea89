import { hashSync } from 'bcryptjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Comparer, createComparer } from '../../../src/http/web-config/comparer.ts'
import { credentialsOf } from '../../../src/http/web-config/credentials.ts'
import { createPasswords } from '../../../src/http/web-config/passwords.ts'
import { costOf } from '../../../src/http/web-config/schema.ts'

const HASH = `$2b$04$${'a'.repeat(53)}`
const OTHER_HASH = `$2b$05$${'b'.repeat(53)}`

/** Counts comparisons and ends them when told; "right" is the password of every hash. */
function slowComparer() {
  const waiting: { password: string; hash: string; end: () => void }[] = []
  const comparer: Comparer = {
    matches: ({ password, hash }) =>
      new Promise((resolve) => {
        waiting.push({ password, hash, end: () => resolve(password === 'right') })
      }),
    close: async () => {},
  }
  return {
    comparer,
    asked: waiting,
    async endAll() {
      for (const { end } of waiting) end()
      await new Promise(setImmediate)
    },
  }
}

const attempt = (user: string, password: string, client = 'one', users = new Map([['ada', HASH]])) => ({
  user,
  password,
  client,
  users,
})

describe('passwords', () => {
  it('are compared once, right ones and wrong ones', async () => {
    const slow = slowComparer()
    const check = createPasswords(slow.comparer)
    for (const [password, verdict] of [
      ['right', 'right'],
      ['wrong', 'wrong'],
    ] as const) {
      const first = check(attempt('ada', password))
      await slow.endAll()
      expect([await first, await check(attempt('ada', password))]).toEqual([verdict, verdict])
    }
    expect(slow.asked).toHaveLength(2)
  })

  it('are compared once however many ask at the same time', async () => {
    const slow = slowComparer()
    const check = createPasswords(slow.comparer)
    const verdicts = Array.from({ length: 200 }, () => check(attempt('ada', 'right')))
    await slow.endAll()
    expect(new Set(await Promise.all(verdicts))).toEqual(new Set(['right']))
    expect(slow.asked).toHaveLength(1)
  })

  it('count for nothing once the hash is another', async () => {
    const slow = slowComparer()
    const check = createPasswords(slow.comparer)
    void check(attempt('ada', 'right'))
    await slow.endAll()
    void check(attempt('ada', 'right', 'one', new Map([['ada', OTHER_HASH]])))
    expect(slow.asked.map(({ hash }) => hash)).toEqual([HASH, OTHER_HASH])
  })

  it('of a user who is taken out are wrong, even the one that was right', async () => {
    const slow = slowComparer()
    const check = createPasswords(slow.comparer)
    void check(attempt('ada', 'right'))
    await slow.endAll()
    const verdict = check(attempt('ada', 'right', 'one', new Map([['bob', HASH]])))
    await slow.endAll()
    expect(await verdict).toBe('wrong')
  })

  it('of unknown users are compared as well, at a cost that some user has, and never right', async () => {
    const slow = slowComparer()
    const check = createPasswords(slow.comparer)
    const users = new Map([
      ['ada', HASH],
      ['bob', OTHER_HASH],
    ])
    const names = Array.from({ length: 40 }, (_, n) => `nobody${n}`)
    const verdicts = names.map((name) => check(attempt(name, 'right', name, users)))
    const costs = slow.asked.map(({ hash }) => costOf(hash))
    expect(new Set(costs)).toEqual(new Set([4, 5]))
    await slow.endAll()
    expect(new Set(await Promise.all(verdicts))).toEqual(new Set(['wrong']))
    // A name keeps its cost.
    const again = names.map((name) => check(attempt(name, 'another', name, users)))
    expect(slow.asked.slice(40).map(({ hash }) => costOf(hash))).toEqual(costs)
    await slow.endAll()
    await Promise.all(again)
  })

  it('wait in limited numbers, of one client and in all', async () => {
    const slow = slowComparer()
    const check = createPasswords(slow.comparer)
    const flood = (client: string) =>
      Array.from({ length: 20 }, (_, n) =>
        check(
          attempt(
            'ada',
            `wrong ${n}`,
            `${client}`,
            new Map([
              ['ada', HASH],
              [client, HASH],
            ]),
          ),
        ),
      )
    const first = flood('one')
    expect(slow.asked).toHaveLength(8)
    expect(await first.at(-1)).toBe('busy')
    const other = check(attempt('ada', 'right', 'two'))
    expect(slow.asked).toHaveLength(9)
    await slow.endAll()
    expect(await other).toBe('right')
    // Who was let in before does not wait at all.
    const all = Array.from({ length: 20 }, (_, n) =>
      Array.from({ length: 8 }, (_, m) => check(attempt('ada', `wrong ${n} ${m}`, `client ${n}`))),
    ).flat()
    expect(slow.asked).toHaveLength(9 + 64)
    expect(await all.at(-1)).toBe('busy')
    expect(await check(attempt('ada', 'right', 'client 0'))).toBe('right')
    await slow.endAll()
    // There is room again.
    const later = check(attempt('ada', 'later', 'one'))
    await slow.endAll()
    expect(await later).toBe('wrong')
  })

  it('forget wrong ones before right ones', async () => {
    const slow = slowComparer()
    const check = createPasswords(slow.comparer)
    const ask = async (password: string) => {
      const verdict = check(attempt('ada', password))
      await slow.endAll()
      return verdict
    }
    await ask('right')
    for (let n = 0; n <= 100; n++) await ask(`wrong ${n}`)
    expect(slow.asked).toHaveLength(102)
    await ask('right')
    await ask('wrong 100')
    expect(slow.asked).toHaveLength(102)
    await ask('wrong 0')
    expect(slow.asked).toHaveLength(103)
  })
})

describe('the comparing thread', () => {
  const comparer = () => {
    const made = createComparer()
    onTestFinished(() => made.close())
    return made
  }

  it.each([4, 5, 6, 7, 8, 9, 10, 11, 12])('knows hashes of cost %i', async (cost) => {
    const hash = hashSync('påss wörd', cost)
    const { matches } = comparer()
    expect(await Promise.all([matches({ password: 'påss wörd', hash }), matches({ password: 'pass', hash })])).toEqual([
      true,
      false,
    ])
  })

  it.each(['$2a$', '$2b$', '$2y$'])('knows hashes of %s', async (version) => {
    const hash = hashSync('password', 4).replace(/^\$2.\$/, version)
    expect(await comparer().matches({ password: 'password', hash })).toBe(true)
  })

  it('answers in order, and after the loop had other things to do', async () => {
    const { matches } = comparer()
    const hashes = ['a', 'b', 'c', 'd'].map((password) => hashSync(password, 4))
    const answers = ['a', 'x', 'c', 'x'].map((password, n) => matches({ password, hash: hashes[n] ?? '' }))
    expect(await Promise.all(answers)).toEqual([true, false, true, false])
    expect(await matches({ password: 'd', hash: hashes[3] ?? '' })).toBe(true)
  })

  it('rejects what is under way when it is closed', async () => {
    const { matches, close } = createComparer()
    await matches({ password: 'a', hash: hashSync('a', 4) })
    const answer = expect(matches({ password: 'a', hash: hashSync('a', 12) })).rejects.toThrow('closing')
    await close()
    await answer
  })
})

describe('credentialsOf', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  it.each([
    { header: basic('ada:secret'), credentials: { user: 'ada', password: 'secret' } },
    { header: basic('ada:sec:ret'), credentials: { user: 'ada', password: 'sec:ret' } },
    { header: basic(':'), credentials: { user: '', password: '' } },
    { header: basic('ädä:wörd'), credentials: { user: 'ädä', password: 'wörd' } },
    { header: basic('ada:secret').replace('Basic', 'bAsIC'), credentials: { user: 'ada', password: 'secret' } },
    { header: basic('no colon'), credentials: null },
    { header: `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString('base64')}`, credentials: null },
    { header: 'Basic !!!', credentials: null },
    { header: 'Basic', credentials: null },
    { header: 'Bearer YTpi', credentials: null },
    { header: undefined, credentials: null },
  ])('$header', ({ header, credentials }) => {
    expect(credentialsOf(header)).toEqual(credentials)
  })
})
