import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import bcrypt from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OwnExporter, startOwnExporter } from '../own-exporter.ts'
import type { Stage } from '../stage.ts'
import { refreshUntil, violationsOn, watchedPage } from '../support.ts'

const USER = { username: 'ada', password: 'correct horse' }
const AUTHORIZATION = `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString('base64')}`

export function protectedPage(stage: Stage): void {
  describe('a page with users', () => {
    const folder = mkdtempSync(join(tmpdir(), 'claude-usage-page-'))
    let exporter: OwnExporter | undefined

    beforeAll(async () => {
      const webConfig = join(folder, 'web.yml')
      writeFileSync(webConfig, `basic_auth_users: {${USER.username}: ${await bcrypt.hash(USER.password, 4)}}\n`)
      exporter = await startOwnExporter([`--web.config.file=${webConfig}`], async (url) => {
        const answer = await fetch(`${url}/metrics`, { headers: { authorization: AUTHORIZATION } })
        return (await answer.text()).includes('claude_exporter_load_complete 1')
      })
    }, 120_000)
    afterAll(async () => {
      await exporter?.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    it.each([
      { given: 'to the question of the browser', inAddress: false },
      { given: 'in the address', inAddress: true },
    ])('is shown and kept up to date for a password given $given', async ({ inAddress }) => {
      if (exporter === undefined) throw new Error('not started')
      const { use } = exporter
      const url = new URL(exporter.url)
      if (inAddress) Object.assign(url, USER)
      const opened = await watchedPage(stage.browser, inAddress ? {} : { httpCredentials: USER })
      const { page } = opened
      await page.clock.install()
      await page.goto(url.href)
      await page.locator('#trend canvas').waitFor()
      const tokens = () => page.locator('[data-figure="last7Days.tokens.total"]').first().getAttribute('value')
      const before = await tokens()
      use(700)
      await refreshUntil(page, async () => (await tokens()) !== before)
      expect(await page.locator('.live-text').textContent()).toMatch(/^Updated /)
      expect(await violationsOn(page)).toEqual([])
      await opened.close()
    })
  })
}
