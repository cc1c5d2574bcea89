import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { readTodayUsd, TodayFile } from '../../src/plan-windows/today-file.ts'
import { tempFolder } from '../support/temp.ts'

const NOW = Date.parse('2026-05-04T12:00:00Z')
const MIDNIGHT = NOW + 12 * HOUR_MS

function at(now: number, usd = 4.2) {
  return { usd, at: now, until: MIDNIGHT }
}

describe('the cost of today', () => {
  it('is what the exporter last said', () => {
    const folder = tempFolder()
    const file = new TodayFile(folder)
    expect(file.update(NOW, () => at(NOW))).toBeNull()
    expect(readTodayUsd(folder, NOW + MINUTE_MS)).toBe(4.2)
    file.update(NOW + MINUTE_MS, () => at(NOW + MINUTE_MS, 5))
    expect(readTodayUsd(folder, NOW + MINUTE_MS)).toBe(5)
  })

  it('is not known when the exporter has been silent for 15 minutes', () => {
    const folder = tempFolder()
    new TodayFile(folder).update(NOW, () => at(NOW))
    expect(readTodayUsd(folder, NOW + 15 * MINUTE_MS)).toBe(4.2)
    expect(readTodayUsd(folder, NOW + 15 * MINUTE_MS + 1)).toBeNull()
  })

  it('stays known while the exporter runs and nothing is used', () => {
    const folder = tempFolder()
    const file = new TodayFile(folder)
    for (let minute = 0; minute <= 60; minute++)
      file.update(NOW + minute * MINUTE_MS, () => at(NOW + minute * MINUTE_MS))
    expect(readTodayUsd(folder, NOW + 61 * MINUTE_MS)).toBe(4.2)
  })

  it('ends at midnight', () => {
    const folder = tempFolder()
    new TodayFile(folder).update(MIDNIGHT - MINUTE_MS, () => at(MIDNIGHT - MINUTE_MS))
    expect(readTodayUsd(folder, MIDNIGHT - 1)).toBe(4.2)
    expect(readTodayUsd(folder, MIDNIGHT)).toBeNull()
  })

  it('is looked for twice a minute', () => {
    const file = new TodayFile(tempFolder())
    let looks = 0
    for (let second = 0; second < 60; second += 5) {
      file.update(NOW + second * 1_000, () => {
        looks += 1
        return null
      })
    }
    expect(looks).toBe(2)
  })

  it('is not known where there is no file, or not one of ours', () => {
    const folder = tempFolder()
    expect(readTodayUsd(folder, NOW)).toBeNull()
    for (const text of ['', '{', 'null', '{"version":1}', JSON.stringify({ version: 1, ...at(NOW), usd: -1 })]) {
      writeFileSync(join(folder, 'today-cost.json'), text)
      expect(readTodayUsd(folder, NOW)).toBeNull()
    }
  })

  it('says why it could not be left', () => {
    const folder = join(tempFolder(), 'file')
    writeFileSync(folder, '')
    expect(new TodayFile(folder).update(NOW, () => at(NOW))).toMatch(/^E[A-Z]+$/)
  })
})
