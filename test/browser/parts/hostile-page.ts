import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Stage } from '../stage.ts'
import { pixelsBeside, refreshUntil, soon, violationsOn, watchedPage } from '../support.ts'

const NAMES = [
  '<img src=x onerror=window.ran=1>',
  '"><svg onload=window.ran=1>',
  "'-window.ran=1-'",
  '<script>window.ran=1<!--',
  '{{window.ran=1}}',
  'javascript:window.ran=1',
  '\u202egnp.exe',
  'x'.repeat(300),
] as const

export function hostilePage(stage: Stage): void {
  describe('a page with hostile names', () => {
    beforeAll(() => {
      for (const name of NAMES) stage.exporter.use(500, name, `claude-${name}`)
    })

    async function opened() {
      const watched = await watchedPage(stage.browser, { viewport: { width: 360, height: 740 } })
      return { ...watched, url: stage.exporter.url }
    }

    const ran = (page: Page) => page.evaluate(() => Reflect.get(globalThis, 'ran') ?? null)

    it('shows them as text, at first and after an update, and runs nothing', async () => {
      const { page, url, troubles, close } = await opened()
      await page.clock.install()
      await page.goto(url)
      await refreshUntil(page, async () => (await page.locator('main').textContent())?.includes(NAMES[0]) === true)
      await page.reload()
      const shown = await page.locator('main').textContent()
      for (const name of NAMES.slice(0, 4)) expect(shown).toContain(name)
      expect(shown).not.toContain('\u202e')
      expect(
        await page.locator('img, main [onload], main [onerror], main script:not([type="application/json"])').count(),
      ).toBe(0)
      expect(await ran(page)).toBeNull()
      expect(await violationsOn(page)).toEqual([])
      expect(troubles).toEqual([])
      expect(await pixelsBeside(page)).toBe(0)
      await close()
    })

    it('would let nothing in that was smuggled into it', async () => {
      const { page, url, close } = await opened()
      await page.goto(url)
      const add = (markup: string) =>
        page.evaluate((added) => document.body.insertAdjacentHTML('beforeend', added), markup)
      await page.evaluate(() => {
        const script = document.createElement('script')
        script.textContent = 'window.ran = 1'
        document.body.append(script)
      })
      await add('<button onclick="window.ran = 1">x</button>')
      await page.locator('button[onclick]').dispatchEvent('click')
      await add('<p style="position: fixed">x</p>')
      await add('<img alt="" src="http://192.0.2.1/x.png">')
      await add('<iframe title="x" src="/metrics"></iframe>')
      await page.evaluate(() => fetch('http://192.0.2.1/').catch(() => {}))
      await soon(() => violationsOn(page)).toEqual(
        expect.arrayContaining([
          'script-src-elem inline',
          'script-src-attr inline',
          'style-src-attr inline',
          'img-src http://192.0.2.1/x.png',
          expect.stringMatching(/^frame-src /),
          'connect-src http://192.0.2.1/',
        ]),
      )
      expect(await ran(page)).toBeNull()
      await close()
    })
  })
}
