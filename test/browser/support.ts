import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { REFRESH_SECONDS } from '../../src/page/frame.ts'

export const REFRESH_MS = REFRESH_SECONDS * 1_000

export interface WatchedPage {
  readonly page: Page
  /** Addresses of everything that was asked for, data in the address aside. */
  readonly requests: readonly string[]
  /** What should not have happened: messages in the console, errors, requests to elsewhere. */
  readonly troubles: readonly string[]
  close(): Promise<void>
}

/** A page of its own, not opened yet, of which is recorded what should not happen. */
export async function watchedPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options)
  const requests: string[] = []
  const troubles: string[] = []
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol === 'data:') return
    requests.push(url.href)
    if (url.hostname !== '127.0.0.1') troubles.push(`request to ${url.host}`)
  })
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`${message.type()}: ${message.text()}`)
  })
  context.on('weberror', (error) => troubles.push(`thrown: ${error.error().stack}`))
  await context.addInitScript(() => {
    const violations: string[] = []
    Reflect.set(globalThis, 'violations', violations)
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      violations.push(`${violatedDirective} ${blockedURI}`)
    })
  })
  const page = await context.newPage()
  return {
    page,
    requests,
    troubles,
    async close() {
      // One that answers in the place of the server may be at it.
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await context.close()
    },
  }
}

/** What the content security policy has stopped on the page. */
export function violationsOn(page: Page): Promise<string[]> {
  return page.evaluate(() => Reflect.get(globalThis, 'violations') as string[])
}

/** How many pixels can only be reached by scrolling to the side. */
export function pixelsBeside(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** Looks again and again until what is expected is so. */
export function soon<T>(look: () => T | Promise<T>) {
  return expect.poll(look, { timeout: 30_000, interval: 50 })
}

/**
 * Lets the page, whose clock is installed, ask for itself until this is so. Never moves the clock while an answer is on its
 * way: that would be the end of the patience of the page.
 */
export async function refreshUntil(page: Page, isDone: () => Promise<boolean>): Promise<void> {
  const status = page.locator('.live-text')
  do {
    const before = await status.textContent()
    await page.clock.fastForward(REFRESH_MS)
    await soon(() => status.textContent()).not.toBe(before)
  } while (!(await isDone()))
}
