import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/core/time.ts'
import { PlanWindows } from '../../src/plan-windows/plan-windows.ts'
import { storeReadings } from '../../src/plan-windows/store.ts'
import { tempFolder } from '../support/temp.ts'

const NOW = Date.parse('2026-05-04T12:00:00Z')
const FIVE_HOURS = { window: '5h', usedRatio: 0.4, resetsAt: NOW + HOUR_MS }
const WEEK = { window: '7d', usedRatio: 1.1, resetsAt: NOW + 50 * HOUR_MS }

function watched(folder = join(tempFolder(), 'plan-windows')) {
  const warnings: unknown[] = []
  const windows = new PlanWindows(folder, { warn: (_, facts) => warnings.push(facts) })
  return { folder, windows, warnings }
}

describe('PlanWindows', () => {
  it('knows nothing where there is no folder', () => {
    const { windows, warnings } = watched()
    expect(windows.refresh(NOW)).toBe(false)
    expect([windows.current, warnings]).toEqual([[], []])
  })

  it('tells of every account in order, and of changes once', () => {
    const { folder, windows } = watched()
    storeReadings(folder, 'work', [WEEK, FIVE_HOURS], NOW)
    storeReadings(folder, 'default', [FIVE_HOURS], NOW)
    expect(windows.refresh(NOW)).toBe(true)
    expect(windows.current.map(({ account, window }) => `${account} ${window}`)).toEqual([
      'default 5h',
      'work 5h',
      'work 7d',
    ])
    const before = windows.current
    expect(windows.refresh(NOW + 1)).toBe(false)
    expect(windows.current).toBe(before)
    storeReadings(folder, 'work', [{ ...FIVE_HOURS, usedRatio: 0.5 }], NOW)
    expect(windows.refresh(NOW + 2)).toBe(true)
    expect(windows.current[1]?.usedRatio).toBe(0.5)
  })

  it('drops a window at its reset, without any new file', () => {
    const { folder, windows } = watched()
    storeReadings(folder, 'default', [FIVE_HOURS, WEEK], NOW)
    windows.refresh(NOW)
    expect(windows.refresh(NOW + HOUR_MS - 1)).toBe(false)
    expect(windows.refresh(NOW + HOUR_MS)).toBe(true)
    expect(windows.current.map(({ window }) => window)).toEqual(['7d'])
    expect(windows.refresh(NOW + 25 * HOUR_MS)).toBe(true)
    expect(windows.current).toEqual([])
  })

  it('forgets an account whose file is gone', () => {
    const { folder, windows } = watched()
    storeReadings(folder, 'default', [FIVE_HOURS], NOW)
    windows.refresh(NOW)
    rmSync(join(folder, 'default.json'))
    expect(windows.refresh(NOW)).toBe(true)
    expect(windows.current).toEqual([])
  })

  it('warns once of a file that cannot be used, and takes it when it can', () => {
    const { folder, windows, warnings } = watched()
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'default.json'), '{"version":1,')
    windows.refresh(NOW)
    windows.refresh(NOW + 1)
    writeFileSync(join(folder, 'default.json'), '{"version":1,"w')
    windows.refresh(NOW + 2)
    expect(warnings).toEqual([{ what: 'default', problem: 'not written by this program' }])
    storeReadings(folder, 'default', [FIVE_HOURS], NOW)
    expect(windows.refresh(NOW + 3)).toBe(true)
    expect(windows.current).toHaveLength(1)
  })

  it('warns once of a folder that is none', () => {
    const folder = join(tempFolder(), 'plan-windows')
    writeFileSync(folder, '')
    const { windows, warnings } = watched(folder)
    windows.refresh(NOW)
    windows.refresh(NOW)
    expect(warnings).toEqual([{ what: folder, problem: 'ENOTDIR' }])
  })
})
