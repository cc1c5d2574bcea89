import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { BudgetKeeper } from '../src/budget-keeper.ts'
import type { Config } from '../src/config/config.ts'
import { type Delta, type Ledger, LedgerError } from '../src/ledger/ledger.ts'
import { createLogger } from '../src/lib/logger.ts'
import { loadFrom } from './config/load-from.ts'
import { appendBatches } from './support/append.ts'
import { tempLedger } from './support/temp.ts'
import { sourceBatch } from './support/usage-record.ts'
import { DAY_MS, sessionData, spend } from './view/budget-support.ts'

const NOON = Date.parse('2026-05-20T12:00:00Z')

async function configWith(limit: number, rest = ''): Promise<Config> {
  const yaml = `time_zone: UTC\nbudgets: [{name: all, limit_tokens: ${limit}, period: quarter}]\n${rest}`
  return (await loadFrom({ yaml })).config
}

function keeperOn(ledger: Ledger, config: Config) {
  const lines: string[] = []
  const logger = createLogger({ level: 'warn', format: 'json', write: (line) => void lines.push(line) })
  const keeper = new BudgetKeeper({
    config,
    ledger,
    clock: { now: () => NOON },
    logger,
    health: { noticesSent: () => {}, noticeFailed: () => {} },
    warn: (what, error) => logger.warn(what, { err: error }),
    sessions: () => sessionData(),
    organizations: () => [],
    label: () => undefined,
  })
  const figures = () => keeper.budgets().budgets.map(({ budget, spent }) => [budget.limit, spent])
  return { keeper, figures, lines }
}

/** Appends 1000 tokens in each of `batches` batches, over the last forty days. */
function writer(ledger: Ledger) {
  let written = 0
  const append = (name: string): Promise<Delta> => {
    const expected = written === 0 ? null : String(written)
    written += 1
    const time = NOON - (written % 40) * DAY_MS
    const batch = sourceBatch([spend(time, 1, { project: name })], { expected, cursor: String(written) })
    return appendBatches(ledger, [batch], { now: NOON })
  }
  return { append, tokens: () => BigInt(written * 1_000) }
}

describe('thresholds that were passed', () => {
  it('are all recorded and the most serious is logged, once', async () => {
    const ledger = tempLedger()
    const { keeper, lines } = keeperOn(ledger, await configWith(1_000))
    keeper.apply(await writer(ledger).append('a'))
    const noSnapshot = () => {
      throw new Error('nobody is told')
    }
    for (let tick = 0; tick < 3; tick++) await keeper.tick(noSnapshot)
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'a budget has passed a threshold', budget: 'all', threshold: 'exceeded', usedPercent: 100 },
    ])
    const recorded = await ledger.crossings({ budget: 'all' })
    expect(recorded.map(({ crossing }) => crossing)).toEqual(['warning', 'critical', 'exceeded'])
    await ledger.close()
  })
})

describe('a changed configuration', () => {
  it.each([
    { what: 'at once', turns: 0 },
    { what: 'turns of the event loop later', turns: 3 },
    { what: 'much later', turns: 200 },
  ])('counts everything once, though commits do not stop and are told of $what', async ({ turns }) => {
    const ledger = tempLedger()
    const { append, tokens } = writer(ledger)
    const { keeper, figures } = keeperOn(ledger, await configWith(1))
    await append('before')
    const { ledger: frozen, revision } = await ledger.freeze()
    await keeper.load(frozen, revision)
    await frozen.close()
    const configs = await Promise.all([2, 3].map((limit) => configWith(limit)))

    let isOver = false
    const telling: Promise<void>[] = []
    const tell = async (delta: Delta) => {
      for (let turn = 0; turn < turns; turn++) await nextTurn()
      keeper.apply(delta)
    }
    const writing = (async () => {
      for (let count = 0; !isOver; count++) {
        telling.push(tell(await append(`p${count % 7}`)))
        if (count % 3 === 0) await nextTurn()
      }
    })()
    for (let reload = 0; reload < 12; reload++) {
      const config = configs[reload % 2]
      if (config !== undefined) await keeper.configure(config)
    }
    isOver = true
    await writing
    await Promise.all(telling)
    expect(figures()).toEqual([[3n, tokens()]])
    await ledger.close()
  })

  it('changes nothing when the ledger fails, and is taken over when it is given again', async () => {
    const ledger = tempLedger()
    let isFailing = true
    const freeze: Ledger['freeze'] = async () => {
      if (isFailing) throw new LedgerError('busy', 'busy')
      return ledger.freeze()
    }
    const { append } = writer(ledger)
    const { keeper, figures } = keeperOn({ ...ledger, freeze }, await configWith(1))
    keeper.apply(await append('a'))
    const changed = await configWith(2, 'alerts: {active_sessions_count: 3}\n')
    const before = keeper.thresholds()
    await expect(keeper.configure(changed)).rejects.toThrow(LedgerError)
    expect(figures()).toEqual([[1n, 1_000n]])
    expect(keeper.thresholds()).toEqual(before)
    keeper.apply(await append('b'))
    isFailing = false
    await keeper.configure(changed)
    expect(figures()).toEqual([[2n, 2_000n]])
    expect(keeper.thresholds().active_sessions_count).toBe(3)
    await ledger.close()
  })
})
