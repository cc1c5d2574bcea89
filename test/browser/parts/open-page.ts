import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { agoText } from '../../../src/page/moment.ts'
import type { Stage } from '../stage.ts'
import { REFRESH_MS, refreshUntil, soon, violationsOn, type WatchedPage, watchedPage } from '../support.ts'

/** What has to be the same node after an update. */
const LASTING = 'main, main section[id], #trend, #trend-table, #models [data-key], #projects [data-key], main table'

export function openPage(stage: Stage): void {
  describe('an open page', () => {
    let opened: WatchedPage
    let page: Page

    beforeEach(async () => {
      opened = await watchedPage(stage.browser)
      page = opened.page
      await page.clock.install()
      await page.goto(stage.exporter.url)
      return () => opened.close()
    })

    const tokens = () => page.locator('[data-figure="last7Days.tokens.total"]').first().getAttribute('value')

    /** Lets the time of refreshes pass until the page shows that something was used. */
    async function refreshedAfterUse(): Promise<void> {
      const before = await tokens()
      stage.exporter.use(700)
      await refreshUntil(page, async () => (await tokens()) !== before)
    }

    it('takes over new figures in place: open details, focus and selection stay', async () => {
      await page.locator('#trend-table > summary').click()
      await page.locator('#trend-table > summary').focus()
      const marked = await page.evaluate((lasting) => {
        const elements = [...document.querySelectorAll(lasting)]
        const heading = document.querySelector('#trend-section h2')?.firstChild
        if (heading) getSelection()?.setBaseAndExtent(heading, 0, heading, 5)
        for (const [index, element] of elements.entries()) Reflect.set(element, 'mark', index)
        return elements.length
      }, LASTING)
      await refreshedAfterUse()
      const after = await page.evaluate(
        (lasting) => ({
          marked: [...document.querySelectorAll(lasting)].filter(
            (element) => Reflect.get(element, 'mark') !== undefined,
          ).length,
          isOpen: document.querySelector('#trend-table')?.hasAttribute('open'),
          focus: document.activeElement?.parentElement?.id,
          selected: getSelection()?.toString(),
        }),
        LASTING,
      )
      expect(after).toEqual({ marked, isOpen: true, focus: 'trend-table', selected: 'Daily' })
      expect(opened.troubles).toEqual([])
      expect(await violationsOn(page)).toEqual([])
    })

    it('asks once a minute', async () => {
      const before = opened.requests.length
      // Time goes by as usual besides.
      await page.clock.fastForward(REFRESH_MS / 2)
      expect(opened.requests.length).toBe(before)
      await page.clock.fastForward(REFRESH_MS)
      await soon(() => opened.requests.slice(before)).toEqual([`${stage.exporter.url}/`])
    })

    it('asks at once when it can be seen again, and not while it cannot', async () => {
      const hide = (isHidden: boolean) =>
        page.evaluate((hidden) => {
          Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
          document.dispatchEvent(new Event('visibilitychange'))
        }, isHidden)
      const before = opened.requests.length
      await hide(true)
      await page.clock.fastForward(3 * REFRESH_MS)
      expect(opened.requests.length).toBe(before)
      await hide(false)
      await soon(() => opened.requests.length).toBe(before + 1)
    })

    it('keeps what it shows when the exporter cannot be reached, and says since when', async () => {
      const status = page.locator('.live-text')
      const told = page.locator('[role="status"]')
      await soon(() => status.textContent()).toMatch(/^Updated \d\d:\d\d:\d\d$/)
      expect(await told.textContent()).toBe('')
      const shown = await tokens()
      const [, since] = /Updated (.*)/.exec((await status.textContent()) ?? '') ?? []
      await page.context().setOffline(true)
      await page.clock.fastForward(REFRESH_MS)
      const sentence = `Cannot be reached since ${since}: no answer. The figures are of then.`
      await soon(() => status.textContent()).toBe(sentence)
      expect(await told.textContent()).toBe(sentence)
      expect(await tokens()).toBe(shown)
      await page.context().setOffline(false)
      await soon(() => status.textContent()).toMatch(/^Updated /)
      expect(await told.textContent()).toMatch(/^Reached again\. Updated /)
    })

    it('says so when the answer is no page, and tries again sooner', async () => {
      const status = page.locator('.live-text')
      const shown = await tokens()
      let answer = { status: 503, body: 'busy' }
      await page.route(`${stage.exporter.url}/`, (route) => route.fulfill({ ...answer, contentType: 'text/html' }))
      await page.clock.fastForward(REFRESH_MS)
      await soon(() => status.textContent()).toContain(': the exporter is busy. ')
      for (const [next, reason] of [
        [{ status: 401, body: '' }, 'access was refused'],
        [{ status: 500, body: '{}' }, 'it answers with status 500'],
        [{ status: 200, body: '<p>Sign in to the hotel</p>' }, 'something else answers there'],
      ] as const) {
        answer = next
        await page.clock.fastForward(REFRESH_MS)
        await soon(() => status.textContent()).toContain(`: ${reason}. `)
      }
      expect(await tokens()).toBe(shown)
      await page.unroute(`${stage.exporter.url}/`)
      await page.clock.fastForward(REFRESH_MS)
      await soon(() => status.textContent()).toMatch(/^Updated /)
    })

    it('loads anew when the program was replaced by one with another script', async () => {
      await page.route(`${stage.exporter.url}/`, async (route) => {
        if (route.request().isNavigationRequest()) return route.continue()
        const answer = await route.fetch()
        const body = (await answer.text()).replace(/page-[0-9a-f]+\.js/, 'page-0123456789abcdef.js')
        return route.fulfill({ response: answer, body })
      })
      await page.evaluate(() => Reflect.set(globalThis, 'isOld', true))
      const loaded = page.waitForEvent('load')
      // May be cut off by what it brings about.
      await Promise.all([loaded, page.clock.fastForward(REFRESH_MS).catch(() => {})])
      expect(await page.evaluate(() => Reflect.has(globalThis, 'isOld'))).toBe(false)
    })

    it('stays where it is when an extension of the browser has put something into it', async () => {
      await page.evaluate(() => {
        Reflect.set(globalThis, 'isOld', true)
        for (const [name, attribute] of [
          ['link', 'href'],
          ['script', 'src'],
        ] as const) {
          const added = document.createElement(name)
          if (name === 'link') added.setAttribute('rel', 'stylesheet')
          added.setAttribute(attribute, 'chrome-extension://abcdefghijklmnopabcdefghijklmnop/added')
          document.head.append(added)
        }
      })
      await refreshedAfterUse()
      expect(await page.evaluate(() => Reflect.has(globalThis, 'isOld'))).toBe(true)
    })

    it('says how old things are now', async () => {
      await page.clock.fastForward(40_000)
      const { now, shown } = await page.evaluate(() => ({
        now: Date.now(),
        shown: [...document.querySelectorAll('main time')]
          .map((time) => [time.getAttribute('datetime') ?? '', time.textContent ?? ''])
          .filter(([, text = '']) => /ago$|^in |^just now$/.test(text)),
      }))
      expect(shown.length).toBeGreaterThan(0)
      for (const [time = '', text] of shown) {
        // Told every 10 s.
        const possible = Array.from({ length: 110 }, (_, index) => agoText(time, { at: now - index * 100 }))
        expect(possible).toContain(text)
      }
    })
  })
}
