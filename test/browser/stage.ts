import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { type RunningDemo, startDemo } from '../support/demo.ts'
import { type OwnExporter, startOwnExporter } from './own-exporter.ts'

/** What all tests of the page share, because it takes long to start. */
export interface Stage {
  readonly browser: Browser
  /** On logs that grow when a test wants it. */
  readonly exporter: OwnExporter
  /** Resolves when everything that the demo has was read once. */
  demo(): Promise<RunningDemo>
}

/** Starts it before the tests of the file, and ends it after them. */
export function useStage(): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'claude-usage-page-'))
  let browser: Browser | undefined
  let exporter: OwnExporter | undefined
  let demo: Promise<RunningDemo> | undefined
  beforeAll(async () => {
    exporter = await startOwnExporter()
    browser = await openBrowser()
    // Reads its history while the first tests run.
    demo = startDemo({ folder, days: 5 })
    demo.catch(() => {})
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await exporter?.stop()
    const running = await demo?.catch(() => null)
    await running?.exporter.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }, 200_000)
  return {
    get browser() {
      return started(browser)
    },
    get exporter() {
      return started(exporter)
    },
    demo: () => started(demo),
  }
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('not started')
  return part
}
