import { PassThrough } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { run } from '../../../src/cli/run.ts'
import { displayWidth } from '../../../src/cli/terminal/width.ts'
import { appendBatches } from '../../support/append.ts'
import { tempLedger } from '../../support/temp.ts'
import { sourceBatch, usageRecord } from '../../support/usage-record.ts'
import { exampleLines } from '../support/examples.ts'
import { type FakeIoOptions, fakeIo, ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE, type Use } from '../support/sample.ts'

/** The clock of the tests stands at 15:31. */
const NOW_USED: readonly Use[] = [
  ...SAMPLE,
  {
    at: '2026-05-04T15:28:00Z',
    session: 's-now',
    project: 'shop',
    model: 'claude-sonnet-4-5',
    tokens: { output: 20_000 },
  },
  {
    at: '2026-05-04T15:30:00Z',
    session: 's-now',
    project: 'shop',
    model: 'claude-sonnet-4-5',
    tokens: { input: 5_000 },
  },
  {
    at: '2026-05-04T15:25:00Z',
    session: 's-before',
    project: 'blog',
    model: 'claude-sonnet-4-5',
    tokens: { output: 99_000 },
  },
]

async function once(line: string, options: FakeIoOptions = {}) {
  const { out, err, exitCode } = await runLine(`top ${line}`, { home: await homeWith(NOW_USED), ...options })
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
  return out.split('\n')
}

describe('top', () => {
  it('has tokens a minute and dollars an hour of the last five minutes, the busiest first', async () => {
    const lines = await once('')
    // 25,000 tokens in 5 minutes; (20,000 x $15 + 5,000 x $3) per million, twelve times an hour.
    expect(lines[4]).toMatch(/^shop +5,000 +\$3\.78 +\$0\.00 +2 +1 min ago +\$0\.59/)
    expect(lines.join('\n')).toMatch(/blog +– +– +– +– +\$1\.49/)
    expect(lines.find((line) => line.startsWith('Total'))).toMatch(/^Total +5,000 +\$3\.78/)
  })

  it.each([
    { by: 'agent', first: /^none +claude-code +5,000/ },
    { by: 'session', first: /^s-now +claude-code +5,000/ },
    { by: 'model', first: /^(claude-)?sonnet-4-5\S* +5,000/ },
  ])('by $by', async ({ by, first }) => {
    expect((await once(`--by ${by}`))[4]).toMatch(first)
  })

  it('says that nothing new comes where no exporter runs', async () => {
    expect((await once('')).join('\n')).toContain('No exporter is running')
  })

  it('says when nothing was used', async () => {
    expect((await once('', { home: await homeWith([]) })).join('\n')).toContain('Nothing was used today.')
  })

  it.each([60, 80, 120, 160])('fits %i columns', async (width) => {
    for (const line of await once('--by session', { width })) expect(displayWidth(line)).toBeLessThanOrEqual(width)
  })

  it('shows names out of hostile logs without doing what they say', async () => {
    const name = 'x\u001b[2J\u202e\n'
    const home = await homeWith([
      { at: '2026-05-04T15:30:00Z', project: name, session: name, agent: name, tokens: { output: 1 } },
    ])
    for (const by of ['project', 'agent', 'session']) {
      const out = (await once(`--by ${by}`, { home })).join('\n')
      expect(out).not.toMatch(/[^\n\P{Cc}]|\p{Bidi_Control}/u)
    }
  })

  it.each([
    { line: 'top --by day', err: 'Allowed choices are project' },
    { line: 'top --interval 1ms', err: 'Give a time from 500ms on' },
    { line: 'top', err: 'There is no ledger at' },
  ])('$line is refused', async ({ line, err }) => {
    const result = await runLine(line)
    expect(result).toMatchObject({ exitCode: 2, out: '' })
    expect(result.err).toContain(err)
  })
})

describe('top on a terminal', () => {
  async function live(end: (io: ReturnType<typeof fakeIo>, keys: PassThrough) => void) {
    const io = fakeIo({ home: await homeWith(NOW_USED), isTTY: true, width: 100 })
    const raw: boolean[] = []
    const keys = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (isRaw: boolean) => raw.push(isRaw) })
    const ended = run(['top', '--interval', '1h'], { ...io, stdin: () => keys })
    const drawn = async (text: string) => {
      while (!io.out().includes(text)) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await drawn('Project')
    keys.write('s')
    await drawn('Session')
    io.emitter.emit('SIGWINCH')
    end(io, keys)
    return { exitCode: await ended, out: io.out(), raw, io }
  }

  it.each([
    { what: 'q', end: (_: unknown, keys: PassThrough) => keys.write('q'), code: 0 },
    { what: 'Ctrl-C', end: (_: unknown, keys: PassThrough) => keys.write('\u0003'), code: 0 },
    { what: 'SIGTERM', end: (io: ReturnType<typeof fakeIo>) => io.emitter.emit('SIGTERM'), code: 143 },
  ])('$what gives the terminal back', async ({ end, code }) => {
    const { exitCode, out, raw, io } = await live(end)
    expect(exitCode).toBe(code)
    expect(out.startsWith('\u001b[?1049h\u001b[?25l')).toBe(true)
    expect(out.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true)
    expect(raw).toEqual([true, false])
    expect(io.emitter.listenerCount('SIGWINCH') + io.emitter.listenerCount('SIGTERM')).toBe(0)
  })
})

describe('top while something is used', () => {
  it('shows what was stored since it was opened', async () => {
    const home = await homeWith(NOW_USED)
    const io = fakeIo({ home, isTTY: true, width: 100 })
    const keys = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
    const ended = run(['top', '--interval', '1h'], { ...io, stdin: () => keys })
    await vi.waitFor(() => expect(io.out()).toContain('shop'), 30_000)
    const ledger = tempLedger(ledgerPathIn(home))
    const record = usageRecord({ identity: 'later', project: 'arrived', time: Date.parse('2026-05-04T15:30:30Z') })
    await appendBatches(ledger, [sourceBatch([record], { stream: 'later' })], {
      now: Date.parse('2026-05-04T15:30:30Z'),
    })
    await ledger.close()
    keys.write('p')
    await vi.waitFor(() => expect(io.out()).toContain('arrived'), 30_000)
    keys.write('q')
    expect(await ended).toBe(0)
  })
})

describe('help of top', () => {
  it('has examples that work', async () => {
    const home = await homeWith(NOW_USED)
    for (const line of await exampleLines('top')) {
      expect(await runLine(line, { home })).toMatchObject({ exitCode: 0, err: '' })
    }
  })
})
