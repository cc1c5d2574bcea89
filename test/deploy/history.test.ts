import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { tempFolder } from '../support/temp.ts'
import { composeFile, mountsOf, ROOT, readRepositoryFile, serviceOf } from './compose-file.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const LOADED = 'claude_exporter_load_complete 1\n'

describe('the service history', () => {
  it('writes the past up to now once the exporter has loaded all logs', async () => {
    const place = makePlace()
    const answers = [503, 'claude_exporter_load_complete 0\n', LOADED]
    expect(await runHistory(place, answers)).toMatchObject({ code: 0, stdout: 'history: wrote 2 files\n', stderr: '' })
    expect(readdirSync(place.history)).toEqual(['ready'])
    const ready = join(place.history, 'ready')
    expect(readdirSync(ready)).toEqual(['arguments.om', 'history-2026-01-01.om'])
    // Another user removes them after the import.
    expect(statSync(ready).mode & 0o777).toBe(0o777)
    expect(JSON.parse(readFileSync(join(ready, 'arguments.om'), 'utf8'))).toEqual([
      'backfill',
      ...['--no-sync', '--output', join(place.history, 'writing/history.om'), '--split-days', '1', '--until', 'now'],
      ...['--instance', 'exporter:10061'],
    ])
  })

  it('waits until each report of an organisation was read, or failed', async () => {
    const planned = ['usage', 'cost'].map(
      (name) => `claude_exporter_sync_next_timestamp_seconds{source="anthropic-${name}"} 1767225600\n`,
    )
    const started = LOADED + planned.join('')
    const read = 'claude_exporter_sync_last_success_timestamp_seconds{source="anthropic-usage"} 1767225600\n'
    const failed = (count: number) =>
      `claude_exporter_sync_failures_total{source="anthropic-cost",reason="auth"} ${count}\n`
    const place = makePlace()
    const answers = [started, started + read + failed(0), started + read + failed(1)]
    expect(await runHistory(place, answers)).toMatchObject({ code: 0, asked: 3 })
    expect(readdirSync(join(place.history, 'ready'))).toHaveLength(2)
  })

  it('takes the budgets of the demo from beside its ledger', async () => {
    const place = makePlace()
    const config = join(place.ledger, 'demo.yml')
    writeFileSync(config, 'budgets: []\n')
    expect(await runHistory(place, [LOADED])).toMatchObject({ code: 0 })
    const given = JSON.parse(readFileSync(join(place.history, 'ready/arguments.om'), 'utf8'))
    expect(given.slice(-2)).toEqual(['--config.file', config])
  })

  it.each([
    { when: 'it was imported', data: ['history-imported', 'wal'], ready: 0, says: 'Prometheus has it' },
    { when: 'Prometheus ran without it', data: ['wal'], ready: 0, says: 'Prometheus began without it' },
    { when: 'an import was broken off', data: ['01M7ZR0FZS3ED00MP7GTGR4GFY'], ready: 1, says: 'not all imported yet' },
  ])('writes nothing when $when', async ({ data, ready, says }) => {
    const place = makePlace()
    for (const name of data) mkdirSync(join(place.data, name))
    if (ready > 0) {
      mkdirSync(join(place.history, 'ready'))
      writeFileSync(join(place.history, 'ready/b.om'), '# EOF\n')
    }
    const { code, stdout, asked } = await runHistory(place, [LOADED])
    expect({ code, asked }).toEqual({ code: 0, asked: 0 })
    expect(stdout).toMatch(new RegExp(`^history: .*${says}`))
    expect(readdirSync(place.history)).toHaveLength(ready)
  })

  it('begins anew where nothing of an earlier attempt came into Prometheus', async () => {
    const place = makePlace()
    for (const name of ['ready', 'writing']) {
      mkdirSync(join(place.history, name))
      writeFileSync(join(place.history, name, 'old.om'), '# EOF\n')
    }
    expect(await runHistory(place, [LOADED])).toMatchObject({ code: 0 })
    expect(readdirSync(join(place.history, 'ready'))).not.toContain('old.om')
  })

  it.each([
    { when: 'the exporter never answers', answers: [503], says: 'did not answer for 0 s' },
    {
      when: 'the exporter ends before it has loaded all logs',
      answers: ['claude_exporter_load_complete 0\n', 503],
      says: 'did not answer for 0 s',
    },
    { when: 'writing fails', answers: [LOADED], program: 'process.exit(3)', says: '"backfill" ended with exit code 3' },
  ])('says so, and that Prometheus starts without, when $when', async ({ answers, says, program }) => {
    const place = makePlace(program)
    const { code, stderr } = await runHistory(place, answers, { ANSWER_LIMIT_SECONDS: '0' })
    expect(code).toBe(1)
    expect(stderr).toContain(`history: error: `)
    expect(stderr).toContain(says)
    expect(stderr).toContain('history: Prometheus starts without the time before this.')
    expect(readdirSync(place.history)).not.toContain('ready')
  })

  it('has its files where docker-compose.yml mounts them, and the import looks for them', () => {
    const file = composeFile()
    const targets = mountsOf(serviceOf(file, 'history')).map(({ target }) => target)
    const script = readRepositoryFile('compose/history.mjs')
    const defaults = [...script.matchAll(/ = '(\/[\w/.-]+|exporter:10061)'/g)].map(([, path]) => path)
    expect(defaults).toEqual([
      '/app/dist/main.js',
      '/history',
      '/prometheus',
      'exporter:10061',
      '/var/lib/claude-usage-exporter',
    ])
    expect(targets).toEqual(
      expect.arrayContaining(['/history', '/prometheus', '/compose/history.mjs', '/var/lib/claude-usage-exporter']),
    )
    expect(serviceOf(file, 'history-import').command).toEqual(['/history/ready', '/prometheus'])
    expect(readRepositoryFile('compose/prometheus.yml')).toContain("['exporter:10061']")
  })
})

/** In place of the program: writes its arguments, and a file as with --split-days. */
const WRITES = `
import { writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
const folder = dirname(process.argv[process.argv.indexOf('--output') + 1])
writeFileSync(folder + '/arguments.om', JSON.stringify(process.argv.slice(2)))
writeFileSync(folder + '/history-2026-01-01.om', '# EOF\\n')
`

function makePlace(program = WRITES) {
  const [history, data, ledger] = [tempFolder(), tempFolder(), tempFolder()]
  const path = join(tempFolder(), 'main.mjs')
  writeFileSync(path, program)
  return { history, data, ledger, program: path }
}

/** Runs the script against an exporter that gives these answers, the last one again and again. */
async function runHistory(
  { history, data, ledger, program }: ReturnType<typeof makePlace>,
  answers: readonly (string | number)[],
  env: Readonly<Record<string, string>> = {},
) {
  let asked = 0
  const server = createServer((_request, response) => {
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked += 1
    response.statusCode = typeof answer === 'number' ? answer : 200
    response.end(typeof answer === 'string' ? answer : '')
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const settings = {
    EXPORTER_URL: `http://127.0.0.1:${port}/metrics`,
    PROGRAM: program,
    HISTORY: history,
    PROMETHEUS_DATA: data,
    CLAUDE_USAGE_EXPORTER_STORAGE_PATH: ledger,
    ...env,
  }
  return new Promise<{ code: number; stdout: string; stderr: string; asked: number }>((resolve) => {
    const path = join(ROOT, 'compose/history.mjs')
    execFile(process.execPath, [path], { env: { PATH: process.env['PATH'], ...settings } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr, asked })
    })
  })
}
