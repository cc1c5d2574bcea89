import { REFRESH_SECONDS } from '../frame.ts'
import { tellAges } from './ages.ts'
import { morph } from './morph.ts'
import { startRefreshing } from './refresh.ts'
import { serverNow } from './server-clock.ts'
import { createStatus } from './status.ts'
import { enhanceTrend } from './trend.ts'

const AGES_EVERY_MS = 10_000

/** Style and script of the page. What the browser's extensions put into it is none of them. */
const ASSETS = 'link[rel="stylesheet"][href^="/assets/"], script[src^="/assets/"]'

function start(): void {
  const drawTrend = enhanceTrend()
  // A file that stands alone has nobody to ask.
  if (assetsOf(document).length === 0) return
  setInterval(() => tellAges(serverNow()), AGES_EVERY_MS)
  startRefreshing({
    intervalMs: REFRESH_SECONDS * 1_000,
    asOf: Date.parse(document.querySelector('#state time')?.getAttribute('datetime') ?? ''),
    tell: createStatus(),
    update(page) {
      if (assetsOf(page).join() !== assetsOf(document).join()) {
        // The program was replaced by another version: this script does not know its page.
        location.reload()
        return
      }
      replaceContent(page)
      tellAges(serverNow())
      drawTrend()
    },
  })
}

function replaceContent(page: Document): void {
  const current = document.querySelector('main#content')
  const next = page.querySelector('main#content')
  if (current === null || next === null) return
  morph(current, next)
  if (document.title !== page.title) document.title = page.title
}

/** Addresses of the style and the script of a page. */
function assetsOf(page: Document): string[] {
  return [...page.querySelectorAll(ASSETS)].map(
    (element) => element.getAttribute('href') ?? element.getAttribute('src') ?? '',
  )
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
else start()
