import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Stage } from '../stage.ts'
import { refreshUntil, soon, type WatchedPage, watchedPage } from '../support.ts'

export function chartOfTheTrend(stage: Stage): void {
  describe('the chart of the trend', () => {
    let opened: WatchedPage
    let page: Page

    beforeEach(async () => {
      opened = await watchedPage(stage.browser, { viewport: { width: 1000, height: 900 }, colorScheme: 'dark' })
      page = opened.page
      await page.clock.install()
      return () => opened.close()
    })

    const canvas = () => page.locator('#trend canvas')
    const picture = () => canvas().evaluate((element) => (element as HTMLCanvasElement).toDataURL())
    const day = () => page.locator('.trend-day').textContent()

    /** Moves the mouse to this share of the width of the chart. */
    async function pointAt(share: number): Promise<void> {
      const box = await page.locator('#trend .u-over').boundingBox()
      if (box === null) throw new Error('no chart')
      await page.mouse.move(box.x + box.width * share, box.y + box.height / 2)
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    }

    it('stands where the drawing of the server was, with its name, and moves nothing below it', async () => {
      await page.goto(stage.exporter.url)
      await canvas().waitFor()
      const drawing = await page.locator('#trend > svg').getAttribute('aria-label')
      expect(await page.locator('#trend > svg').isVisible()).toBe(false)
      expect(await page.getByRole('img', { name: drawing ?? 'none' }).count()).toBe(1)
      const below = () => page.locator('#trend-table').evaluate((element) => element.getBoundingClientRect().top)
      const withChart = await below()
      await page.locator('.trend-chart').evaluate((element) => element.remove())
      await page.locator('#trend').evaluate((element) => element.removeAttribute('data-client-chart'))
      expect(Math.abs((await below()) - withChart)).toBeLessThanOrEqual(2)
    })

    it('tells the figures of the day that is pointed at, and the sums otherwise', async () => {
      await page.goto(stage.exporter.url)
      expect(await day()).toBe('30 days')
      await pointAt(0.99)
      await soon(day).toMatch(/^\w{3},? \d+ \w+$/)
      expect(await page.locator('.trend-readout').textContent()).toMatch(
        /Estimated \$[\d.]+ Plan value \$[\d.]+ .+ tokens/,
      )
      await page.mouse.move(0, 0)
      await soon(day).toBe('30 days')
      expect(opened.troubles).toEqual([])
    })

    it('follows the width of the window and the colours of the system', async () => {
      await page.goto(stage.exporter.url)
      await canvas().waitFor()
      const dark = await picture()
      await page.emulateMedia({ colorScheme: 'light' })
      await soon(picture).not.toBe(dark)
      const width = () => canvas().evaluate((element) => element.getBoundingClientRect().width)
      const wide = await width()
      await page.setViewportSize({ width: 400, height: 900 })
      await soon(width).toBeLessThan(wide / 2)
      expect(opened.troubles).toEqual([])
    })

    it('stays zoomed to the days that were chosen while the figures change', async () => {
      await page.goto(stage.exporter.url)
      const all = page.getByRole('button', { name: 'Show all days' })
      expect(await all.isVisible()).toBe(false)
      await pointAt(0.6)
      await page.mouse.down()
      await pointAt(0.99)
      await page.mouse.up()
      await all.waitFor()
      await pointAt(0.01)
      const firstShown = await day()
      await page.mouse.move(0, 0)
      const before = await page.locator('#trend-data').textContent()
      stage.exporter.use(900)
      await refreshUntil(page, async () => (await page.locator('#trend-data').textContent()) !== before)
      expect(await all.isVisible()).toBe(true)
      await pointAt(0.02)
      await soon(day).toBe(firstShown)
      await all.click()
      await soon(() => all.isVisible()).toBe(false)
      await pointAt(0.01)
      await soon(day).not.toBe(firstShown)
    })

    it('comes when there is something to draw, and goes with it', async () => {
      let isThere = false
      await page.route(`${stage.exporter.url}/`, async (route) => {
        const answer = await route.fetch()
        const body = await answer.text()
        const trend = /<figure id="trend".*?<\/figure>/s
        expect(body).toMatch(trend)
        const { etag = '', ...headers } = answer.headers()
        await route.fulfill({ status: 200, headers, body: isThere ? body : body.replace(trend, '<p>Nothing yet.</p>') })
      })
      await page.goto(stage.exporter.url)
      await soon(() => page.locator('.live-text').count()).toBe(1)
      for (const count of [1, 0, 1]) {
        isThere = count === 1
        await refreshUntil(page, async () => (await canvas().count()) === count)
        expect(await page.locator('.trend-chart').count()).toBe(count)
      }
      expect(opened.troubles).toEqual([])
    })

    it('is left to the drawing of the server where the browser cannot make it', async () => {
      await page.addInitScript(() => {
        HTMLCanvasElement.prototype.getContext = () => {
          throw new Error('no canvas here')
        }
      })
      await page.goto(stage.exporter.url)
      await soon(() => page.locator('.live-text').count()).toBe(1)
      expect(await page.locator('#trend > svg').isVisible()).toBe(true)
      expect(await page.locator('.trend-chart').count()).toBe(0)
      expect(opened.troubles).toEqual([])
    })
  })
}
