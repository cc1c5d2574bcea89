import { describe, expect, it, onTestFinished } from 'vitest'
import { type Ledger, LedgerError } from '../../src/ledger/ledger.ts'
import { createLogger } from '../../src/lib/logger.ts'
import type { NoticeLedger } from '../../src/notify/claim.ts'
import { Notifier } from '../../src/notify/notifier.ts'
import { Webhook } from '../../src/notify/webhook.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { sampleOrganizations } from '../metrics/sample-organizations.ts'
import { tempLedger } from '../support/temp.ts'
import { activeRow, figures, NOW, snapshot, spending, USD } from './support/figures.ts'
import { SECRETS, startReceiver } from './support/receiver.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Receiver = Awaited<ReturnType<typeof startReceiver>>

/** A machine with a clock of its own, on which the notifier can be started again and again. */
async function machine(
  options: { readonly timeoutMs?: number; readonly ledger?: (real: Ledger) => NoticeLedger } = {},
) {
  const receiver = await startReceiver()
  const real = tempLedger()
  onTestFinished(() => real.close())
  const lines: string[] = []
  const failures: string[] = []
  const state: { now: number; sent: number; notifier: Notifier | null } = { now: NOW, sent: 0, notifier: null }

  function start(): Notifier {
    return new Notifier({
      ledger: options.ledger?.(real) ?? real,
      webhook: new Webhook({ url: async () => receiver.url, timeoutMs: options.timeoutMs ?? 10_000 }),
      format: 'json',
      now: () => state.now,
      logger: createLogger({ level: 'debug', format: 'json', write: (line) => void lines.push(line) }),
      events: {
        sent: (notices) => {
          state.sent += notices
        },
        failed: (reason) => void failures.push(reason),
      },
    })
  }

  state.notifier = start()
  return {
    receiver,
    failures,
    lines,
    ledger: real,
    state,
    restart: () => {
      state.notifier = start()
    },
    /** Looks every 30 seconds for so long, at least once. */
    async watch(of: Snapshot, forMs = 0): Promise<void> {
      for (const end = state.now + forMs; ; state.now += 30_000) {
        await state.notifier?.check({ ...of, at: state.now })
        if (state.now >= end) return
      }
    },
    told: () => toldOf(receiver),
  }
}

function toldOf({ received }: Receiver): readonly string[] {
  return received.flatMap(({ body }) => {
    const { notices } = JSON.parse(body) as { notices: { name: string; severity: string }[] }
    return notices.map(({ name, severity }) => `${name} ${severity}`)
  })
}

const QUIET = snapshot()
const RUNAWAY = snapshot({ active: [activeRow({ tokensPerMinuteMax: 9_000_000 })] })
const TOO_MANY = snapshot({ active: [activeRow({ sessions: 20 })] })

describe('thresholds of a budget', () => {
  it('are each told once in a period, whatever restarts in between', async () => {
    const { watch, restart, told } = await machine()
    for (const usd of [10, 38, 39, 46, 47, 51, 60]) {
      await watch(spending(usd), 2 * MINUTE)
      restart()
      await watch(spending(usd), MINUTE)
    }
    expect(told()).toEqual([
      'ClaudeBudgetNearLimit warning',
      'ClaudeBudgetNearLimit critical',
      'ClaudeBudgetExceeded critical',
    ])
  })

  it('passed at once are one message, and a correction does not bring the others', async () => {
    const { watch, restart, told } = await machine()
    await watch(spending(60))
    await watch(spending(46))
    restart()
    await watch(spending(46))
    await watch(spending(38))
    await watch(spending(60))
    expect(told()).toEqual(['ClaudeBudgetExceeded critical'])
  })

  it('are told again in the next period', async () => {
    const { watch, told, state } = await machine()
    await watch(spending(60))
    const next = { start: Date.parse('2026-05-31T22:00:00Z'), end: Date.parse('2026-06-30T22:00:00Z') }
    state.now = next.start + HOUR
    await watch(snapshot({ budgets: [figures({ spent: 1n * USD, period: next })] }))
    await watch(snapshot({ budgets: [figures({ spent: 51n * USD, period: next })] }))
    expect(told()).toEqual(['ClaudeBudgetExceeded critical', 'ClaudeBudgetExceeded critical'])
  })

  it('of several budgets come in as few messages as there is room for, the critical ones first', async () => {
    const { watch, told, receiver } = await machine()
    const budgets = Array.from({ length: 7 }, (_, index) => {
      const spent = index === 6 ? 60 : 40
      return spending(spent, { name: `budget-${index}` }).budgets[0]
    }).filter((one) => one !== undefined)
    await watch(snapshot({ budgets }))
    expect(receiver.received).toHaveLength(2)
    expect(told()).toHaveLength(7)
    expect(told()[0]).toBe('ClaudeBudgetExceeded critical')
  })

  it('are not told before they hold, where they may pass by', async () => {
    const { watch, told } = await machine()
    const forecast = { expected: 60n * USD, low: 55n * USD, high: 70n * USD, exhaustsAt: null }
    const over = snapshot({ budgets: [figures({ forecast })] })
    await watch(over, 14 * MINUTE)
    await watch(snapshot({ budgets: [figures()] }))
    await watch(over, 14 * MINUTE)
    expect(told()).toEqual([])
    await watch(over, 2 * MINUTE)
    await watch(snapshot({ budgets: [figures()] }))
    await watch(over, 3 * HOUR)
    expect(told()).toEqual(['ClaudeBudgetForecastExceeded warning'])
  })

  it('do not count the time that the machine slept', async () => {
    const { watch, told, state } = await machine()
    const fast = snapshot({ budgets: [figures({ burnRate1h: 20, burnRate6h: 20 })] })
    await watch(fast)
    state.now += 20 * MINUTE
    await watch(fast)
    expect(told()).toEqual([])
    await watch(fast, 5 * MINUTE)
    expect(told()).toEqual(['ClaudeBudgetBurnFast critical'])
  })
})

describe('what comes and goes', () => {
  it('is told after a minute, once, however it flaps', async () => {
    const { watch, told } = await machine()
    await watch(RUNAWAY, 30_000)
    expect(told()).toEqual([])
    await watch(RUNAWAY, MINUTE)
    for (let round = 0; round < 10; round++) {
      await watch(QUIET, 10 * MINUTE)
      await watch(RUNAWAY, 10 * MINUTE)
    }
    expect(told()).toEqual(['ClaudeRunawaySession critical'])
  })

  it('is told again after an hour of quiet', async () => {
    const { watch, told } = await machine()
    await watch(RUNAWAY, 2 * MINUTE)
    await watch(QUIET, 61 * MINUTE)
    await watch(RUNAWAY, 2 * MINUTE)
    expect(told()).toHaveLength(2)
  })

  it.each([0, 10, 30, 55, 59, 90, 200])('is not repeated by a restart %i minutes into it', async (minutes) => {
    const { watch, restart, told, state } = await machine()
    await watch(RUNAWAY, 2 * MINUTE)
    await watch(RUNAWAY, minutes * MINUTE)
    state.now += 5 * MINUTE
    restart()
    await watch(RUNAWAY, 2 * HOUR)
    expect(told()).toEqual(['ClaudeRunawaySession critical'])
  })

  it('is told after a restart when it had been quiet for long before', async () => {
    const { watch, restart, told, state } = await machine()
    await watch(RUNAWAY, 2 * MINUTE)
    state.now += 3 * HOUR
    restart()
    await watch(RUNAWAY, 2 * MINUTE)
    expect(told()).toHaveLength(2)
  })

  it('is still told when the receiver was down while it went on', async () => {
    const { watch, told, receiver } = await machine()
    receiver.answerStatus(503)
    await watch(TOO_MANY, 2 * MINUTE)
    const tries = receiver.received.length
    expect(tries).toBeGreaterThan(0)
    receiver.answerStatus(200)
    await watch(QUIET, 20 * MINUTE)
    expect(told().slice(tries)).toEqual(['ClaudeTooManyActiveSessions critical'])
  })
})

describe('a refused credential', () => {
  it('is told once until it worked again, across restarts', async () => {
    const { watch, restart, told } = await machine()
    const refused = snapshot({ organizations: sampleOrganizations })
    const accepted = snapshot({
      organizations: {
        ...sampleOrganizations,
        organizations: sampleOrganizations.organizations.map((one) => ({ ...one, credentialsOk: true })),
      },
    })
    await watch(refused, 11 * MINUTE)
    restart()
    await watch(refused, 3 * HOUR)
    expect(told()).toEqual(['ClaudeCredentialsRejected warning'])
    restart()
    await watch(accepted)
    await watch(refused, 11 * MINUTE)
    expect(told()).toHaveLength(2)
  })
})

describe('a receiver that fails', () => {
  it.each([
    ['with status 500', 'status', (receiver: Receiver) => receiver.answerStatus(500)],
    [
      'with a redirect',
      'redirect',
      (receiver: Receiver) => receiver.answerStatus(302, { location: '/services/other' }),
    ],
    ['by hanging up', 'network', (receiver: Receiver) => receiver.answerWith((response) => response.destroy())],
    ['by never answering', 'timeout', (receiver: Receiver) => receiver.answerWith(() => {})],
  ])('%s is tried again until it takes the message, also after a restart', async (_how, reason, fail) => {
    // Short only where it has to pass: on a busy machine other failures and the answer take their time.
    const timeoutMs = reason === 'timeout' ? 2_000 : 30_000
    const { watch, restart, told, receiver, failures, state } = await machine({ timeoutMs })
    fail(receiver)
    await watch(spending(60))
    expect(failures).toEqual([reason])
    restart()
    receiver.answerStatus(200)
    await watch(spending(60), MINUTE)
    expect(told()).toEqual(['ClaudeBudgetExceeded critical', 'ClaudeBudgetExceeded critical'])
    expect(state.sent).toBe(1)
  })

  it('is asked less and less often, at least every quarter of an hour', async () => {
    const { watch, receiver, state } = await machine()
    receiver.answerStatus(500)
    const tries: number[] = []
    for (; state.now < NOW + 2 * HOUR; state.now += 30_000) {
      const before = receiver.received.length
      await watch(spending(60))
      if (receiver.received.length > before) tries.push((state.now - NOW) / MINUTE)
    }
    expect(tries).toEqual([0, 0.5, 1.5, 3.5, 7.5, 15.5, 30.5, 45.5, 60.5, 75.5, 90.5, 105.5])
  })

  it('is left alone for as long as it asks', async () => {
    const { watch, receiver } = await machine()
    receiver.answerStatus(429, { 'retry-after': '600' })
    await watch(spending(60), 9.5 * MINUTE)
    expect(receiver.received).toHaveLength(1)
    receiver.answerStatus(200)
    await watch(spending(60), MINUTE)
    expect(receiver.received).toHaveLength(2)
  })

  it('is told only the most serious of what came up meanwhile', async () => {
    const { watch, told, receiver } = await machine()
    receiver.answerStatus(500)
    await watch(spending(40))
    await watch(spending(46))
    receiver.answerStatus(200)
    await watch(spending(51), 5 * MINUTE)
    expect(told()).toEqual(['ClaudeBudgetNearLimit warning', 'ClaudeBudgetExceeded critical'])
  })

  it('never has its address in a log', async () => {
    const { watch, receiver, lines } = await machine()
    const say = `${receiver.url.href} ${receiver.url.pathname}`
    for (const status of [404, 302]) {
      receiver.answerStatus(status, { location: receiver.url.href }, say)
      await watch(spending(60), 20 * MINUTE)
    }
    receiver.answerWith((response) => response.destroy())
    await watch(spending(60), 20 * MINUTE)
    receiver.answerStatus(200, {}, say)
    await watch(spending(60), 20 * MINUTE)
    expect(lines.filter((line) => line.includes('"warn"')).length).toBeGreaterThan(2)
    for (const secret of SECRETS) expect(lines.join('')).not.toContain(secret)
  })
})

describe('one at a time', () => {
  it('nothing is sent while a message is on its way', async () => {
    const { watch, receiver, state, told } = await machine()
    let release = () => {}
    const arrived = new Promise<void>((resolve) => {
      receiver.answerWith((response) => {
        release = () => response.end()
        resolve()
      })
    })
    const first = state.notifier?.check(spending(40))
    await arrived
    await watch(spending(60))
    expect(receiver.received).toHaveLength(1)
    // What came up meanwhile is sent right after it.
    receiver.answerStatus(200)
    release()
    await first
    await watch(spending(60))
    expect(told()).toEqual(['ClaudeBudgetNearLimit warning', 'ClaudeBudgetExceeded critical'])
  })

  it('a stop hangs up, gives the claim back and sends nothing more', async () => {
    const { watch, restart, receiver, state, told, failures } = await machine()
    const arrived = new Promise<void>((resolve) => receiver.answerWith(() => resolve()))
    const first = state.notifier?.check(spending(60))
    await arrived
    await state.notifier?.stop()
    await first
    await watch(spending(60), 5 * MINUTE)
    expect({ tries: receiver.received.length, failures }).toEqual({ tries: 1, failures: [] })
    receiver.answerStatus(200)
    restart()
    await watch(spending(60))
    expect(told()).toHaveLength(2)
  })
})

describe('a ledger that fails', () => {
  it('keeps a notice back until it can be claimed, and never rejects', async () => {
    let isBroken = true
    const { watch, told, failures } = await machine({
      ledger: (real) => ({
        claimNotice: async (key, at) => {
          if (isBroken) throw new LedgerError('full', 'no space')
          return real.claimNotice(key, at)
        },
        releaseNotice: (key) => real.releaseNotice(key),
        pruneNotices: (before) => real.pruneNotices(before),
      }),
    })
    await watch(spending(60))
    expect(told()).toEqual([])
    expect(failures).toEqual(['ledger'])
    isBroken = false
    await watch(spending(60), 5 * MINUTE)
    expect(told()).toEqual(['ClaudeBudgetExceeded critical'])
  })

  it('does not lose a notice whose claim cannot be given back', async () => {
    let isBroken = true
    const { watch, told, receiver } = await machine({
      ledger: (real) => ({
        claimNotice: (key, at) => real.claimNotice(key, at),
        releaseNotice: async (key) => {
          if (isBroken) throw new LedgerError('full', 'no space')
          return real.releaseNotice(key)
        },
        pruneNotices: (before) => real.pruneNotices(before),
      }),
    })
    receiver.answerStatus(500)
    await watch(spending(60))
    isBroken = false
    receiver.answerStatus(200)
    await watch(spending(60), 5 * MINUTE)
    expect(told()).toHaveLength(2)
  })

  it('forgets what was told years ago', async () => {
    const { watch, ledger, state } = await machine()
    await watch(spending(60))
    state.now += 900 * 24 * HOUR
    await watch(QUIET)
    expect(await ledger.pruneNotices(Number.MAX_SAFE_INTEGER)).toBe(0)
  })
})
