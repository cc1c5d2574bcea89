import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ownSeries, scaleTable, usageSeries } from '../../scripts/scale.ts'
import { allSettings } from '../../src/config/settings.ts'
import { SERIES_PER_LABEL_SET, SERIES_PER_WINDOW_ROW } from '../../src/view/usage/series.ts'

const page = readFileSync('prometheus/scale.md', 'utf8')

describe('the arithmetic of prometheus/scale.md', () => {
  it('counts what a label set takes, and a session counter per project', () => {
    const perSet = SERIES_PER_LABEL_SET + 3 * SERIES_PER_WINDOW_ROW
    expect(usageSeries({ projects: 1, models: 1 })).toBe(perSet + 1)
    expect(usageSeries({ projects: 7, models: 3 })).toBe(21 * perSet + 7)
    expect(usageSeries({ projects: 0, models: 0 })).toBe(0)
  })

  it('gives an exporter a number of series that does not depend on projects', async () => {
    const few = await ownSeries({ projects: 1, models: 2 })
    expect(await ownSeries({ projects: 9, models: 2 })).toBe(few)
    expect(await ownSeries({ projects: 1, models: 3 })).toBeGreaterThan(few)
  })

  it('stands on the page as it is worked out', async () => {
    expect(page).toContain((await scaleTable()).trim())
  })

  it('names no setting that there is not', () => {
    const named = [...page.matchAll(/`((?:remote_write|metrics|web|projects|machine|storage)\.[a-z_.]+)[`:]/g)].map(
      ([, name]) => name,
    )
    expect(named.length).toBeGreaterThan(8)
    expect(
      named.filter((name) => !allSettings.some(({ path }) => path === name || path.startsWith(`${name}.`))),
    ).toEqual([])
  })
})
