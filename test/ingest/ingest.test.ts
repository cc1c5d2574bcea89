import { describe, expect, it } from 'vitest'
import type { SessionTurn } from '../../src/core/usage.ts'
import { type IngestOptions, ingest } from '../../src/ingest/ingest.ts'
import { type AppendBatch, type Ledger, LedgerError } from '../../src/ledger/ledger.ts'
import type { Source, SourceBatch } from '../../src/sources/source.ts'
import { pricing } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usageRecord } from '../support/usage-record.ts'

const turn: SessionTurn = { source: 'claude-code', session: 's1', time: 1_777_885_200_000 }

function sourceOf(...batches: readonly SourceBatch[]): Source {
  return {
    name: 'claude-code',
    restore() {},
    async *read() {
      yield* batches
    },
    follow: async () => async () => {},
    status: () => ({ roots: [], streams: 1, tailMode: 'off', bytesDone: 0, bytesTotal: 0 }),
    gone: () => [],
  }
}

/** A ledger that shows what it was given, and refuses batches with these identities as too large. */
function watched(refused: readonly string[] = []) {
  const ledger = tempLedger()
  const appended: AppendBatch[] = []
  const append: Ledger['append'] = async (batches) => {
    const all: AppendBatch[] = []
    for await (const batch of batches) all.push(batch)
    const isRefused = all.some(({ drafts }) => drafts.some(({ response }) => refused.includes(response.identity)))
    if (isRefused) throw new LedgerError('overflow', 'too large')
    appended.push(...all)
    return ledger.append(all)
  }
  const proxy = new Proxy(ledger, {
    get(target, name) {
      if (name === 'append') return append
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { ledger: proxy, appended }
}

function optionsFor(ledger: Ledger, isCareful = false): IngestOptions {
  return {
    ledger,
    pricing,
    isCareful,
    live: () => true,
    zeroFirstMs: 0,
    now: () => turn.time,
    signal: new AbortController().signal,
    committed: () => {},
  }
}

describe('turns of humans', () => {
  it('reach the ledger with the cursor where nothing else was read', async () => {
    const { ledger, appended } = watched()
    await ingest(sourceOf(sourceBatch([], { turns: [turn], cursor: '7' })), optionsFor(ledger))
    expect(appended).toMatchObject([{ turns: [turn], drafts: [], streams: [{ stream: 'f1', cursor: '7' }] }])
    expect(await ledger.streams('claude-code')).toMatchObject([{ cursor: '7' }])
  })

  it('are saved once with what is left of a batch that holds a response the ledger refuses', async () => {
    const { ledger, appended } = watched(['m:bad'])
    const records = [usageRecord({ identity: 'm:good' }), usageRecord({ identity: 'm:bad' })]
    const source = sourceOf(sourceBatch(records, { turns: [turn] }))
    await ingest(source, optionsFor(ledger, true))
    expect(appended.map(({ drafts, turns, streams }) => [drafts.length, turns, streams.length])).toEqual([
      [1, [], 0],
      [0, [turn], 1],
    ])
  })
})
