import { describe, expect, it, onTestFinished } from 'vitest'
import { BudgetKeeper } from '../../src/budget-keeper.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { loadFrom } from '../config/load-from.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { sessionData } from '../view/budget-support.ts'

const NOON = Date.parse('2026-05-20T12:00:00Z')

async function configWith(owners: string) {
  return (await loadFrom({ yaml: `time_zone: UTC\nowners: ${owners}\n` })).config
}

async function keeperWith(owners: string) {
  const ledger = tempLedger()
  onTestFinished(() => ledger.close())
  const keeper = new BudgetKeeper({
    config: await configWith(owners),
    ledger,
    clock: { now: () => NOON },
    logger: createLogger({ level: 'error', format: 'json', write: () => {} }),
    health: { noticesSent: () => {}, noticeFailed: () => {} },
    warn: () => {},
    sessions: () => sessionData(),
    organizations: () => [],
    label: () => undefined,
  })
  let written = 0
  const append = (project: string) => {
    written += 1
    const record = usageRecord({
      identity: `m:${written}`,
      time: NOON - 60_000,
      project,
      parts: [usagePart({ output: 1_000 }, 'claude-sonnet-4-5')],
    })
    const stream = `f${written}`
    return appendBatches(ledger, [sourceBatch([record], { stream, path: stream })], { now: NOON })
  }
  const tokens = () =>
    keeper.budgets().owners.monthToDate.map(({ labels, tokens: [, , , , output] }) => [labels.owner, output])
  return { keeper, append, tokens }
}

describe('owner rules that are changed while the exporter runs', () => {
  it('charge what was used before as well, and go on with what comes', async () => {
    const { keeper, append, tokens } = await keeperWith('[]')
    keeper.apply(await append('web'))
    expect(tokens()).toEqual([])
    await keeper.configure(await configWith('[{project: web, owner: ada}]'))
    expect(tokens()).toEqual([
      ['ada', 1_000n],
      ['unallocated', 0n],
    ])
    keeper.apply(await append('web'))
    keeper.apply(await append('blog'))
    expect(tokens()).toEqual([
      ['ada', 2_000n],
      ['unallocated', 1_000n],
    ])
  })

  it('count what is committed meanwhile once', async () => {
    const { keeper, append, tokens } = await keeperWith('[{project: web, owner: ada}]')
    keeper.apply(await append('web'))
    const changed = keeper.configure(await configWith('[{project: web, owner: bob}]'))
    keeper.apply(await append('web'))
    await changed
    keeper.apply(await append('web'))
    expect(tokens()).toEqual([
      ['bob', 3_000n],
      ['unallocated', 0n],
    ])
  })

  it('are gone where they are taken away', async () => {
    const { keeper, append, tokens } = await keeperWith('[{project: web, owner: ada}]')
    keeper.apply(await append('web'))
    await keeper.configure(await configWith('[]'))
    expect(tokens()).toEqual([])
  })
})
