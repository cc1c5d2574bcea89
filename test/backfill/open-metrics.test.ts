import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backfill } from '../../src/backfill/backfill.ts'
import type { Past } from '../../src/backfill/past.ts'
import type { Recorder } from '../../src/backfill/recorder.ts'
import { isInstalled } from '../support/binaries.ts'
import { tempFolder } from '../support/temp.ts'
import {
  BALANCE,
  balance,
  memoryOutput,
  pastOf,
  RUNWAY,
  recorderOf,
  SLOT,
  samplesIn,
  TARGET,
  UNPRICED,
  unpriced,
} from './support/history.ts'

const PROMTOOL = 'promtool'
const MINUTE = 60_000
const START = Date.parse('2026-05-04T22:00:00Z')
const HOSTILE = ['a,b="c"}', 'back\\slash', 'line\nfeed', '🦀 "quoted" \\" | : #', 'nul\0', '\\n', '} 5 1700000000', '']

interface Written {
  readonly past: Past
  readonly recorder: Recorder
  readonly to: number
  readonly stepMs?: number
  readonly splitDays?: number | null
}

async function textsOf({ past, recorder, to, stepMs = 5 * MINUTE, splitDays = null }: Written): Promise<string[]> {
  const outputs: ReturnType<typeof memoryOutput>[] = []
  await backfill({
    range: { from: START, to },
    stepMs,
    splitDays,
    pasts: [past],
    recorder,
    open: async () => {
      const output = memoryOutput()
      outputs.push(output)
      return output
    },
    signal: new AbortController().signal,
    expected: () => {},
    progress: () => {},
  })
  return outputs.map(({ text }) => text())
}

/** Two counters and gauges that come and go, under every hostile name. */
const hostilePast = pastOf((instant) => {
  const index = Math.ceil((instant - START) / SLOT)
  return {
    unpriced: HOSTILE.map((model) => unpriced(model, BigInt(index) * 10n ** 16n)),
    balances: index % 3 === 2 ? [] : HOSTILE.map((name) => balance(name, BigInt(index) * -7n, index * 333)),
  }
})

describe('OpenMetrics of the past', () => {
  it('has one head per family, series by name and points by time', async () => {
    const past = pastOf((instant) => ({
      unpriced: instant === START ? [unpriced('b', 1n), unpriced('a', 2n)] : [unpriced('b', 3n)],
      balances: [balance('default', 1_500_000_000_000n)],
    }))
    const [text] = await textsOf({ past, recorder: recorderOf([UNPRICED, BALANCE]), to: START + SLOT, stepMs: SLOT })
    expect(text).toBe(`\
# TYPE claude_balance_usd gauge
# UNIT claude_balance_usd usd
# HELP claude_balance_usd US dollars left of what was put in: the top-ups of the configuration less the billed cost since the day of the first one (UTC). Computed, not told by the provider; negative when more was billed. Absent where the bill is not known that far back.
claude_balance_usd{organization="default",instance="127.0.0.1:10061",job="usage"} 1.5 1777932000
claude_balance_usd{organization="default",instance="127.0.0.1:10061",job="usage"} 1.5 1777932900
# TYPE claude_unpriced_tokens counter
# UNIT claude_unpriced_tokens tokens
# HELP claude_unpriced_tokens Tokens for which no price is known, since the ledger began. They are part of claude_tokens_total and of no cost. A price can be given in the configuration.
claude_unpriced_tokens_total{provider="p",model="a",instance="127.0.0.1:10061",job="usage"} 2 1777932000
claude_unpriced_tokens_total{provider="p",model="a",instance="127.0.0.1:10061",job="usage"} 2 1777932900
claude_unpriced_tokens_total{provider="p",model="b",instance="127.0.0.1:10061",job="usage"} 1 1777932000
claude_unpriced_tokens_total{provider="p",model="b",instance="127.0.0.1:10061",job="usage"} 3 1777932900
# EOF
`)
  })

  it('leaves out a family that has nothing to show in a part', async () => {
    const past = pastOf((instant) => ({ balances: instant === START ? [balance('default', 1n)] : [] }))
    const texts = await textsOf({ past, recorder: recorderOf([BALANCE]), to: START + 12 * SLOT, splitDays: 1 })
    expect(texts.map((text) => text.split('\n')[0])).toEqual(['# TYPE claude_balance_usd gauge', '# EOF'])
  })

  it('writes long runs of one value whole', async () => {
    const past = pastOf(() => ({ balances: [balance('default', 1n)] }))
    const [text = ''] = await textsOf({ past, recorder: recorderOf([BALANCE]), to: START + 600 * SLOT, stepMs: MINUTE })
    const seconds = samplesIn(text).map(([, , time]) => Number(time))
    expect(seconds).toEqual(Array.from({ length: 9001 }, (_, index) => START / 1000 + index * 60))
  })
})

describe('reading it back', () => {
  const names = fc.constantFrom('a', 'b', ...HOSTILE)
  const pico = fc.oneof(
    fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
    fc.constantFrom(0n, 1n, 2n ** 53n - 1n, 2n ** 53n),
  )
  const float = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  const quarter = fc.record({
    tokens: fc.dictionary(names, fc.bigInt({ min: 0n, max: 2n ** 70n })),
    money: fc.dictionary(names, pico),
    floats: fc.dictionary(names, float),
  })
  const history = fc.record({
    quarters: fc.array(fc.oneof(quarter, fc.constant(null)), { minLength: 1, maxLength: 14 }),
    stepMs: fc.constantFrom(MINUTE, 5 * MINUTE, SLOT),
    splitDays: fc.constantFrom(null, 1),
    /** How long after the last but one quarter of an hour it ends. */
    lastMs: fc.constantFrom(1, 7_654, 5 * MINUTE, SLOT),
  })

  it('gives what was shown at every point', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ quarters, stepMs, splitDays, lastMs }) => {
        const to = quarters.length === 1 ? START : START + (quarters.length - 2) * SLOT + lastMs
        const instants = quarters.map((_, index) => (index === quarters.length - 1 ? to : START + index * SLOT))
        // null: the same objects as the quarter of an hour before.
        const shown = quarters.map((_, index) => {
          for (let known = index; known >= 0; known--) if (quarters[known]) return known
          return index
        })
        const parts = quarters.map((value) => ({
          unpriced: Object.entries(value?.tokens ?? {}).map(([name, tokens]) => unpriced(name, tokens)),
          balances: [
            ...Object.entries(value?.money ?? {}).map(([name, amount]) => balance(`$${name}`, amount)),
            ...Object.entries(value?.floats ?? {}).map(([name, ms]) => balance(name, null, ms)),
          ],
        }))
        const past = pastOf((instant) => parts[shown[instants.indexOf(instant)] ?? 0] ?? {})

        const expected = new Map<string, string>()
        let counters: Record<string, bigint> = {}
        let time = START
        instants.forEach((instant, index) => {
          const value = quarters[shown[index] ?? 0]
          counters = { ...counters, ...value?.tokens }
          const next = instants[index + 1] ?? instant + 1
          for (; time < next; time = nextPoint(time, stepMs, to)) {
            const at = time / 1000
            for (const [name, tokens] of Object.entries(counters)) {
              expected.set(`${UNPRICED}{provider="p",model="${escaped(name)}"@${at}`, String(tokens))
            }
            for (const [name, amount] of Object.entries(value?.money ?? {})) {
              expected.set(`${BALANCE}{organization="$${escaped(name)}"@${at}`, picoText(amount))
            }
            for (const [name, ms] of Object.entries(value?.floats ?? {})) {
              expected.set(`${RUNWAY}{organization="${escaped(name)}"@${at}`, String(ms / 1000))
            }
          }
        })

        const texts = await textsOf({
          past,
          recorder: recorderOf([UNPRICED, BALANCE, RUNWAY]),
          to,
          stepMs,
          splitDays,
        })
        const samples = texts.flatMap(samplesIn)
        const read = samples.map(
          ([series, value, seconds]) =>
            [`${series.replace(',instance="127.0.0.1:10061",job="usage"}', '')}@${seconds}`, value] as const,
        )
        const found = new Map<string, string>(read)
        expect([...expected].filter(([point, value]) => found.get(point) !== value)).toEqual([])
        expect(samples.length).toBe(expected.size)
        for (const text of texts) expectSorted(text)
      }),
      { numRuns: 60 },
    )
  })
})

function nextPoint(time: number, stepMs: number, to: number): number {
  const aligned = (Math.floor(time / stepMs) + 1) * stepMs
  return time < to ? Math.min(aligned, to) : Number.POSITIVE_INFINITY
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}

function picoText(pico: bigint): string {
  const digits = String(pico < 0n ? -pico : pico).padStart(13, '0')
  const decimal = `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '')
  return pico < 0n ? `-${decimal}` : decimal
}

/** Every family in one piece, its series in one piece and in order, time ascending within. */
function expectSorted(text: string): void {
  const seen = new Set<string>()
  let before = ['', '', '']
  for (const [series, , seconds] of samplesIn(text)) {
    const family = series.slice(0, series.indexOf('{'))
    const isNext =
      series === before[1] ? Number(seconds) > Number(before[2]) : family !== before[0] || series > (before[1] ?? '')
    if (!isNext || (family !== before[0] && seen.has(family)))
      expect.fail(`${series} ${seconds} after ${before.join(' ')}`)
    seen.add(family)
    before = [family, series, seconds]
  }
  expect(text.endsWith('# EOF\n')).toBe(true)
}

describe('programs that read it', () => {
  const target = { job: 'a "job"\\', instance: 'line\nfeed:1' }
  const hostile = async () => {
    const recorder = recorderOf([UNPRICED, BALANCE, RUNWAY], target)
    const [text = ''] = await textsOf({ past: hostilePast, recorder, to: START + 9 * SLOT + 1_234 })
    return text
  }

  // Debian installs python3-prometheus-client for this one; the first python3 of the path may be another.
  const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'
  const probe = spawnSync(python, ['-c', 'import prometheus_client.openmetrics.parser'])
  const hasParser = process.env['CI'] === 'true' || probe.status === 0

  it.skipIf(!hasParser)('the strict parser of the Python client reads every sample', async () => {
    const script = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
text = sys.stdin.buffer.read().decode('utf-8')
samples = [s for f in text_string_to_metric_families(text) for s in f.samples]
labels = [s.labels.get('model', s.labels.get('organization')) for s in samples]
print(json.dumps([len(samples), sorted(set(labels)), sorted({s.labels['job'] + s.labels['instance'] for s in samples})]))
`
    const text = await hostile()
    const { stdout, stderr } = spawnSync(python, ['-c', script], { input: text, encoding: 'utf8' })
    expect(stderr).toBe('')
    const count = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
    expect(JSON.parse(stdout)).toEqual([count, HOSTILE.toSorted(), [target.job + target.instance]])
  })

  it.skipIf(!isInstalled(PROMTOOL))('promtool makes blocks of it with every sample', async () => {
    const folder = tempFolder()
    const file = join(folder, 'history.om')
    const past = pastOf((instant) => ({
      unpriced: [unpriced('a', BigInt(instant - START)), unpriced('} 5 1700000000', 3n)],
      balances: [balance('default', 12_345_678_901_234n)],
    }))
    const recorder = recorderOf([UNPRICED, BALANCE])
    const [text = ''] = await textsOf({ past, recorder, to: START + 100 * SLOT + 1_234 })
    writeFileSync(file, text)
    const blocks = join(folder, 'blocks')
    const made = spawnSync(
      PROMTOOL,
      ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=162h', file, blocks],
      { encoding: 'utf8' },
    )
    expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: '' })
    // Without it the folder is no data folder of Prometheus.
    mkdirSync(join(blocks, 'wal'))
    const dump = spawnSync(PROMTOOL, ['tsdb', 'dump', blocks], { encoding: 'utf8' }).stdout.trim().split('\n')
    expect(dump.length).toBe(samplesIn(text).length)
    expect(dump).toContain(
      `{__name__="claude_balance_usd", instance="${TARGET.instance}", job="${TARGET.job}", organization="default"} 12.345678901234 ${START}`,
    )
  })
})
