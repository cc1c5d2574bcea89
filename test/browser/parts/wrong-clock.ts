import { describe, expect, it } from 'vitest'
import { agoText } from '../../../src/page/moment.ts'
import type { Stage } from '../stage.ts'
import { soon, watchedPage } from '../support.ts'

const HOUR_MS = 3_600_000

export function wrongClock(stage: Stage): void {
  describe('a page that is as old as a day, or seems to be', () => {
    it.each([
      { clock: 'two hours behind', offMs: -2 * HOUR_MS },
      { clock: 'a day ahead', offMs: 24 * HOUR_MS },
    ])('is asked for at once, and its ages are right by a clock that is $clock', async ({ offMs }) => {
      const opened = await watchedPage(stage.browser)
      const { page, requests } = opened
      await page.clock.install({ time: Date.now() + offMs })
      await page.goto(stage.exporter.url)
      await soon(() => requests.filter((url) => url === `${stage.exporter.url}/`).length).toBe(2)
      const isNow = async () => {
        const shown = await page
          .locator('main time')
          .evaluateAll((times) => times.map((time) => [time.getAttribute('datetime') ?? '', time.textContent ?? '']))
        const ages = shown.filter(([, text = '']) => /ago$|^in |^just now$/.test(text))
        expect(ages.length).toBeGreaterThan(0)
        // Told every 10 s, by seconds of the server, and by a clock that was put forward.
        const moments = Array.from({ length: 90 }, (_, index) => Date.now() + (index - 20) * 1_000)
        return ages.every(([time = '', text]) => moments.some((at) => agoText(time, { at }) === text))
      }
      await soon(isNow).toBe(true)
      await page.clock.fastForward(20_000)
      await soon(isNow).toBe(true)
      await opened.close()
    })

    it.each([
      { age: 'an hour', ageMs: HOUR_MS, format: { timeStyle: 'medium', hourCycle: 'h23' } },
      { age: 'a day', ageMs: 24 * HOUR_MS, format: { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } },
    ] as const)(
      'that is as old as $age says when its figures are of, where nobody answers',
      async ({ ageMs, format }) => {
        const opened = await watchedPage(stage.browser)
        const { page } = opened
        await page.clock.install({ time: Date.now() + ageMs })
        await page.route(`${stage.exporter.url}/`, (route) =>
          route.request().isNavigationRequest() ? route.continue() : route.abort(),
        )
        await page.goto(stage.exporter.url)
        const asOf = Date.parse((await page.locator('#state time').first().getAttribute('datetime')) ?? '')
        const text = page.locator('.live-text')
        await soon(() => text.textContent()).toContain('no answer')
        const time = await page.evaluate(([at, options]) => new Intl.DateTimeFormat('en-GB', options).format(at), [
          asOf,
          format,
        ] as const)
        expect(await text.textContent()).toContain(`since ${time}: no answer`)
        await opened.close()
      },
    )
  })
}
