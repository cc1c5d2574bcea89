import { readFileSync } from 'node:fs'
import { LedgerError } from '../../../src/ledger/ledger.ts'
import { openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import { appendBatches } from '../../support/append.ts'
import { sourceBatch, usagePart, usageRecord } from '../../support/usage-record.ts'

/**
 * A program that reads files of numbers, a response per line, into a ledger: so many lines at a time, from where the
 * ledger says that its machine stopped. Ends when all is read.
 */
const [url = '', schema = '', uid = '', size = '1', ...files] = process.argv.slice(2)
const batchLines = Number(size)

const store = await openPostgresStore({
  url,
  password: () => null,
  schema,
  poolSize: 3,
  tls: { mode: 'auto', caFile: '', certFile: '', keyFile: '' },
  machine: { uid, name: uid },
  version: '0.0.0-test',
  now: 0,
})
const ledger = ledgerOn(store)

const responseOf = (n: number) =>
  usageRecord({ identity: `r${n}`, session: `s${n % 7}`, time: 60_000 * n, parts: [usagePart({ output: n })] })

for (;;) {
  const cursors = new Map((await ledger.streams('claude-code')).map(({ stream, cursor }) => [stream, cursor]))
  let isDone = true
  for (const path of files) {
    const lines = readFileSync(path, 'utf8').trim().split('\n').map(Number)
    const expected = cursors.get(path) ?? null
    const from = Number(expected ?? 0)
    if (from >= lines.length) continue
    isDone = false
    const records = lines.slice(from, from + batchLines).map(responseOf)
    const cursor = String(from + records.length)
    try {
      await appendBatches(ledger, [sourceBatch(records, { stream: path, path, expected, cursor })])
    } catch (error) {
      if (!(error instanceof LedgerError) || !['conflict', 'busy', 'away'].includes(error.failure)) throw error
    }
  }
  if (isDone) break
}
await ledger.close()
