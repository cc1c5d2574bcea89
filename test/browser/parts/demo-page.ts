import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { figuresOn, readDocuments, valueAt } from '../figures.ts'
import type { Stage } from '../stage.ts'
import { pixelsBeside, refreshUntil, soon, violationsOn, type WatchedPage, watchedPage } from '../support.ts'

const MAX_FIRST_LOAD_BYTES = 200_000
const PHONE = { width: 360, height: 740 }
const DESKTOP = { width: 1280, height: 900 }
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

declare const axe: { run(options: RunOptions): Promise<AxeResults> }

/** What axe says of the page, or only some of its rules. */
async function seriousFaults(page: Page, rules: readonly string[] | null = null): Promise<string[]> {
  const { violations, passes } = await page.evaluate(
    (only) => axe.run({ preload: false, resultTypes: ['violations'], ...(only && { runOnly: [...only] }) }),
    rules,
  )
  expect(passes.length).toBeGreaterThan(0)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`)
}

export function pageOfTheDemo(stage: Stage): void {
  describe('the page of the demo', () => {
    let url: string

    beforeAll(async () => {
      url = (await stage.demo()).exporter.url
    }, 300_000)

    /**
     * Opens the page, lets the test look at it, and expects nothing unwanted to have happened meanwhile. `prepare`: what
     * there is to do before it is opened.
     */
    async function looking(
      options: BrowserContextOptions,
      look: (opened: WatchedPage) => Promise<void>,
      prepare: (page: Page) => Promise<unknown> = async () => {},
    ) {
      const opened = await watchedPage(stage.browser, { viewport: DESKTOP, ...options })
      try {
        await prepare(opened.page)
        await opened.page.goto(url)
        await look(opened)
        expect(opened.troubles).toEqual([])
        if (options.javaScriptEnabled !== false) expect(await violationsOn(opened.page)).toEqual([])
      } finally {
        await opened.close()
      }
    }

    it('shows the figures of the API', async () => {
      await looking({ javaScriptEnabled: false }, async ({ page }) => {
        // Both are asked for until nothing has happened between them.
        await vi.waitFor(
          async () => {
            const [documents] = await Promise.all([readDocuments(url), page.reload()])
            const figures = await figuresOn(page)
            expect(figures.length).toBeGreaterThan(50)
            expect(figures).toEqual(figures.map(({ path }) => ({ path, value: valueAt(documents, path) })))
          },
          { timeout: 50_000, interval: 50 },
        )
      })
    })

    it('is there after one round of requests, and below 200 kB', async () => {
      let bytes = 0
      const count = async (page: Page) => {
        const client = await page.context().newCDPSession(page)
        await client.send('Network.enable')
        client.on('Network.loadingFinished', ({ encodedDataLength }) => {
          bytes += encodedDataLength
        })
      }
      const look = async ({ page, requests }: WatchedPage) => {
        await page.waitForLoadState('networkidle')
        const named = await page
          .locator('link[rel="stylesheet"], script[src]')
          .evaluateAll((elements) =>
            elements.map((element) => element.getAttribute('href') ?? element.getAttribute('src')),
          )
        expect(named.length).toBe(2)
        expect([...requests].sort()).toEqual([`${url}/`, ...named.map((path) => `${url}${path}`)].sort())
        await soon(() => bytes).toBeGreaterThan(10_000)
        expect(bytes).toBeLessThan(MAX_FIRST_LOAD_BYTES)
      }
      await looking({}, look, count)
    })

    it('has no serious fault of accessibility on a phone, dark and light', async () => {
      await looking({ viewport: PHONE, colorScheme: 'dark' }, async ({ page }) => {
        await page.evaluate(AXE)
        expect(await seriousFaults(page)).toEqual([])
        await page.emulateMedia({ colorScheme: 'light' })
        expect(await seriousFaults(page, ['color-contrast'])).toEqual([])
      })
    }, 120_000)

    it('has no serious fault of accessibility on a desktop', async () => {
      await looking({ viewport: DESKTOP, colorScheme: 'light' }, async ({ page }) => {
        await page.evaluate(AXE)
        expect(await seriousFaults(page)).toEqual([])
        await page.emulateMedia({ colorScheme: 'dark' })
        expect(await seriousFaults(page, ['color-contrast'])).toEqual([])
      })
    }, 120_000)

    it('needs no scrolling to the side on any screen, with everything open', async () => {
      await looking({}, async ({ page }) => {
        await page.locator('details').evaluateAll((all) => {
          for (const details of all) details.setAttribute('open', '')
        })
        for (const width of [360, 768, 1280, 2560]) {
          await page.setViewportSize({ width, height: 900 })
          expect([width, await pixelsBeside(page)]).toEqual([width, 0])
        }
      })
    })

    it('can be read without JavaScript', async () => {
      await looking({ javaScriptEnabled: false }, async ({ page }) => {
        expect(await page.locator('figure#trend > svg').isVisible()).toBe(true)
        expect(await page.locator('#trend-table table').isVisible()).toBe(false)
        await page.locator('#trend-table > summary').click()
        expect(await page.locator('#trend-table table').isVisible()).toBe(true)
        expect(await page.locator('[data-figure="today.tokens.total"]').first().isVisible()).toBe(true)
        expect(await page.locator('.live').count()).toBe(0)
        expect(await pixelsBeside(page)).toBe(0)
      })
    })

    it('can be walked through with the keyboard, and what has the focus can be seen', async () => {
      await looking({}, async ({ page }) => {
        const reached = new Set<string>()
        const all = await page.locator('a[href], summary').count()
        for (let step = 0; step < all + 60; step += 1) {
          await page.keyboard.press('Tab')
          const focused = await page.evaluate(() => {
            const element = document.activeElement
            if (element === null || element === document.body) return null
            const { outlineStyle, boxShadow } = getComputedStyle(element)
            const index = [...document.querySelectorAll('a[href], summary')].indexOf(element)
            return {
              index,
              isSeen: outlineStyle !== 'none' || boxShadow !== 'none',
              html: element.outerHTML.slice(0, 100),
            }
          })
          if (focused === null) break
          expect(focused).toMatchObject({ isSeen: true })
          if (focused.index >= 0) reached.add(String(focused.index))
        }
        const isShown = await page
          .locator('a[href], summary')
          .evaluateAll((elements) => elements.map((element) => element.checkVisibility()))
        expect(reached.size).toBeGreaterThanOrEqual(isShown.filter(Boolean).length)
      })
    })

    it('keeps itself up to date', async () => {
      const look = async ({ page }: WatchedPage) => {
        const asOf = page.locator('#state time').first()
        const before = await asOf.getAttribute('datetime')
        const section = await page.locator('#state').elementHandle()
        await refreshUntil(page, async () => (await asOf.getAttribute('datetime')) !== before)
        expect(await section?.evaluate((element) => element.isConnected)).toBe(true)
        expect(await page.locator('.live-text').textContent()).toMatch(/^Updated \d\d:\d\d:\d\d$/)
      }
      await looking({ colorScheme: 'light' }, look, (page) => page.clock.install())
    })
  })
}
