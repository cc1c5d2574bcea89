import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDocument } from '../../src/documents/files/write-document.ts'
import { renderDocument } from '../../src/documents/render.ts'
import { loadPageAssets } from '../../src/page/assets.ts'
import { hostileOverview } from '../documents/support.ts'
import { hasBrowser, openBrowser } from '../support/browser.ts'
import { overviewOf } from '../support/overview.ts'
import { tempFolder } from '../support/temp.ts'
import { pixelsBeside, soon, violationsOn, watchedPage } from './support.ts'

describe.runIf(hasBrowser())('a report file that is opened from disk', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())

  it.each([
    ['of an ordinary installation', overviewOf],
    ['full of hostile names', hostileOverview],
  ])('%s draws its chart and asks for nothing but itself', async (_, overviewOfIt) => {
    const path = join(tempFolder(), 'usage.html')
    const overview = await overviewOfIt()
    await writeDocument(path, renderDocument('html', overview, { assets: await loadPageAssets(), nextAt: null }))
    const url = pathToFileURL(path).href
    const opened = await watchedPage(browser, { viewport: { width: 400, height: 800 } })
    try {
      const { page } = opened
      await page.goto(url, { waitUntil: 'networkidle' })
      await page.locator('#trend canvas').waitFor()
      expect(await page.locator('#trend > svg').isVisible()).toBe(false)
      const isDrawn = () =>
        page.locator('#trend canvas').evaluate((element) => {
          const canvas = element as HTMLCanvasElement
          const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
          return pixels.some((value) => value !== 0)
        })
      await soon(isDrawn).toBe(true)
      // Style and script are those the hashes of the policy allow; nothing keeps a file up to date.
      expect(await page.evaluate(() => getComputedStyle(document.body).margin)).not.toBe('8px')
      expect(await page.locator('.live').count()).toBe(0)
      if (overviewOfIt === overviewOf) expect(await pixelsBeside(page)).toBe(0)
      expect(await violationsOn(page)).toEqual([])
      expect(opened.requests).toEqual([url])
      expect(opened.troubles.filter((trouble) => trouble !== 'request to ')).toEqual([])
    } finally {
      await opened.close()
    }
  })

  it('runs no script that somebody put into it', async () => {
    const path = join(tempFolder(), 'usage.html')
    const text = renderDocument('html', overviewOf(), { assets: await loadPageAssets(), nextAt: null })
    const evil = '<script>window.evil = 1</script><img src="http://127.0.0.1:9/x" onerror="window.evil = 1">'
    expect(text).toContain('</main>')
    writeFileSync(path, text.replace('</main>', `${evil}</main>`))
    const opened = await watchedPage(browser)
    try {
      await opened.page.goto(pathToFileURL(path).href)
      await soon(async () => (await violationsOn(opened.page)).length).toBeGreaterThan(1)
      expect(await opened.page.evaluate(() => Reflect.get(window, 'evil'))).toBeUndefined()
    } finally {
      await opened.close()
    }
  })
})
