import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { isInstalled } from './binaries.ts'

const PROGRAM = 'chromium'

/** Whether tests in a browser can run here, which they have to with `CI=true`. */
export function hasBrowser(): boolean {
  return isInstalled(PROGRAM)
}

/** A browser that asks for nothing by itself. Has to be closed. */
export function openBrowser(): Promise<Browser> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return chromium.launch({
    executablePath: folders.map((folder) => join(folder, PROGRAM)).find((path) => existsSync(path)) ?? PROGRAM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  })
}
