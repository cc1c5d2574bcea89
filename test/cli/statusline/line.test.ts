import { describe, expect, it } from 'vitest'
import type { StatusFacts } from '../../../src/cli/statusline/fields.ts'
import { formattedLine, statusLine } from '../../../src/cli/statusline/line.ts'
import { createStyle } from '../../../src/cli/terminal/style.ts'
import { displayWidth } from '../../../src/cli/terminal/width.ts'
import type { PlanWindow } from '../../../src/core/plan-window.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts'

const NOW = Date.parse('2026-05-04T12:00:00Z')
const PLAIN = { style: createStyle(false), width: Number.POSITIVE_INFINITY }

function planWindow(window: string, usedRatio: number, resetsIn: number | null): PlanWindow {
  const resetsAt = resetsIn === null ? null : NOW + resetsIn
  return { account: 'default', window, usedRatio, resetsAt, observedAt: NOW, origin: 'statusline' }
}

const FACTS: StatusFacts = {
  session: { model: 'Opus 4.6', contextRatio: 0.42, costUsd: 1.234 },
  windows: [planWindow('5h', 0.385, 2 * HOUR_MS + 11 * MINUTE_MS), planWindow('7d', 0.912, 3 * DAY_MS + 4.5 * HOUR_MS)],
  todayUsd: 8.2,
  now: NOW,
}
const NOTHING: StatusFacts = {
  session: { model: null, contextRatio: null, costUsd: null },
  windows: [],
  todayUsd: null,
  now: NOW,
}
const FULL = 'Opus 4.6 | ctx 42% | $1.23 | today $8.20 | 5h 38% (2h11m) | 7d 91% (3d4h)'

function atWidth(width: number, facts = FACTS, remark: string | null = null): string {
  return statusLine(facts, remark, { ...PLAIN, width })
}

function format(pattern: string, facts = FACTS, remark: string | null = null): string {
  return formattedLine(pattern, facts, remark, PLAIN)
}

describe('the status line', () => {
  it('tells what is known', () => {
    expect(statusLine(FACTS, null, PLAIN)).toBe(FULL)
  })

  it('says so when nothing is known', () => {
    expect(statusLine(NOTHING, null, PLAIN)).toBe('waiting for Claude Code')
  })

  it.each([
    [FULL.length, FULL],
    [FULL.length - 1, 'Opus 4.6 | ctx 42% | $1.23 | 5h 38% (2h11m) | 7d 91% (3d4h)'],
    [55, 'Opus 4.6 | ctx 42% | 5h 38% (2h11m) | 7d 91% (3d4h)'],
    [45, 'Opus 4.6 | 5h 38% (2h11m) | 7d 91% (3d4h)'],
    [35, '5h 38% (2h11m) | 7d 91% (3d4h)'],
    [20, '5h 38% (2h11m)'],
    [10, '5h 38% (2…'],
    [4, '5h …'],
    [1, '…'],
    [0.5, '…'],
  ])('fits %d columns', (width, expected) => {
    expect(atWidth(width)).toBe(expected)
  })

  it.each([1, 2, 3, 5, 8, 13, 21, 34, 55])('stays within %i columns with wide characters', (width) => {
    const facts = { ...FACTS, session: { ...FACTS.session, model: '模型🧪é́' }, windows: [] }
    const line = atWidth(width, facts, 'a remark')
    expect(displayWidth(line)).toBeLessThanOrEqual(width)
    expect(line).not.toBe('')
  })

  it('says what went wrong, and rather that than the model', () => {
    expect(atWidth(60, FACTS, 'limits not stored: EACCES')).toBe(
      '5h 38% (2h11m) | 7d 91% (3d4h) | limits not stored: EACCES',
    )
    expect(statusLine(NOTHING, 'no input', PLAIN)).toBe('no input')
  })

  it('escapes control characters in what went wrong', () => {
    expect(statusLine(NOTHING, 'bad\u001b[2J\nline', PLAIN)).toBe('bad\\u001b[2J\\u000aline')
  })

  it('shows windows with other names last', () => {
    const facts = { ...NOTHING, windows: [planWindow('5h', 0, null), planWindow('seven_day_opus', 1.375, null)] }
    expect(statusLine(facts, null, PLAIN)).toBe('5h 0% | seven_day_opus 137%')
  })

  it.each([
    [0.29, '29%'],
    [0.57, '57%'],
    [0.999, '99%'],
    [1, '100%'],
    [1.001, '100%'],
    [0.004, '0%'],
  ])('writes %d as %s', (ratio, text) => {
    expect(format('{5h}', { ...NOTHING, windows: [planWindow('5h', ratio, null)] })).toBe(text)
  })

  it.each([
    [1, '<1m'],
    [MINUTE_MS, '1m'],
    [59 * MINUTE_MS, '59m'],
    [HOUR_MS, '1h'],
    [5 * HOUR_MS - 1, '4h59m'],
    [DAY_MS, '1d'],
    [7 * DAY_MS - 1, '6d23h'],
  ])('writes %d ms to the reset as %s', (ms, text) => {
    expect(format('{7d.reset}', { ...NOTHING, windows: [planWindow('7d', 0, ms)] })).toBe(text)
  })

  it.each([
    [0.69, 32],
    [0.7, 33],
    [0.9, 31],
    [1.4, 31],
  ])('colours a used share of %d', (ratio, colour) => {
    const facts = { ...NOTHING, windows: [planWindow('5h', ratio, null)] }
    const line = formattedLine('{5h}', facts, null, { ...PLAIN, style: createStyle(true) })
    expect(line).toBe(`\u001b[${colour}m${Math.round(ratio * 100)}%\u001b[39m`)
  })

  it('ends every colour it begins, however little room there is', () => {
    for (let width = 1; width <= FULL.length; width++) {
      const line = statusLine(FACTS, null, { style: createStyle(true), width })
      expect(line.match(/\u001b\[(1|2|3[0-8])m/g)?.length).toBe(line.match(/\u001b\[(22|39)m/g)?.length)
    }
  })
})

describe('--format', () => {
  it('fills in fields', () => {
    expect(format('[{model}] {context} {cost} {today} 5h={5h}/{5h.reset} 7d={7d}/{7d.reset}')).toBe(
      '[Opus 4.6] 42% $1.23 $8.20 5h=38%/2h11m 7d=91%/3d4h',
    )
  })

  it('marks what is not known', () => {
    expect(format('{model} {context} {cost} {today} {5h} {7d.reset} {seven_day_opus}', NOTHING)).toBe('– – – – – – –')
  })

  it('leaves what is no field, so that a slip is seen', () => {
    expect(format('{modle} {} {5h.rest} {5h.reset.x} { 5h } {{5h}')).toBe(
      '{modle} {} {5h.rest} {5h.reset.x} { 5h } {38%',
    )
  })

  it('does not take inherited names for fields', () => {
    expect(format('{constructor} {toString}')).toBe('{constructor} {toString}')
  })

  it('escapes control characters of the pattern', () => {
    expect(format('a\u001b[31m\n{model}')).toBe('a\\u001b[31m\\u000aOpus 4.6')
  })

  it.each(['', '   ', '{model}'])('is never empty: "%s"', (pattern) => {
    expect(format(pattern, { ...NOTHING, session: { ...NOTHING.session, model: ' ' } }).trim()).not.toBe('')
  })

  it('adds what went wrong', () => {
    expect(format('{5h}', FACTS, 'no input')).toBe('38% no input')
  })

  it('is cut where room is short', () => {
    expect(formattedLine('{model} and so on', FACTS, null, { ...PLAIN, width: 12 })).toBe('Opus 4.6 an…')
  })
})
