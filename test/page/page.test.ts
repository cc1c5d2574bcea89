import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Overview } from '../../src/overview/overview.ts'
import { REFRESH_SECONDS } from '../../src/page/page.ts'
import {
  adviceOf,
  agentOf,
  alertOf,
  budgetOf,
  emptyOverview,
  loadingOverview,
  overviewOf,
  runOf,
  sessionOf,
  sourceOf,
  windowOf,
  withBudgets,
} from '../support/overview.ts'
import { parseMarkup, textOf } from './markup.ts'
import { filePage, servedPage } from './render.ts'

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</script></style></title><!--',
  '=cmd|calc!A1 `x` &lt; \u202egnp.exe\u2069',
  '\u0000\u001b]0;x\u0007\r\n\u2028',
  '𝒳'.repeat(5_000),
  'x'.repeat(10_000),
]

/** Every name and every text from outside is the same hostile one. */
function hostileOverview(text: string): Overview {
  const overview = withBudgets([
    budgetOf(text, { scope: { project: [text] }, owner: text }),
    budgetOf(`${text} 2`, { state: 'exceeded', usedRatio: 1.5 }),
  ])
  const labels = { budget: text, [text]: text }
  return {
    ...overview,
    timeZone: text.slice(0, 40),
    version: text.slice(0, 40),
    budgets: {
      ...overview.budgets,
      balances: [{ organization: text, balanceUsd: 1, toppedUpUsd: 2, runwayDays: 3 }],
    },
    agents: { ...overview.agents, rows: [agentOf(text, 1, { source: text, modelInUse: text })] },
    models: { ...overview.models, rows: overview.models.rows.map((row) => ({ ...row, model: text })) },
    projects: { ...overview.projects, rows: overview.projects.rows.map((row) => ({ ...row, project: text })) },
    sessions: {
      ...overview.sessions,
      rows: [sessionOf(text, 1, { agent: text, project: text, models: [text, text] })],
    },
    windows: { ...overview.windows, rows: [windowOf(text, 0.2, { account: text })] },
    alerts: {
      ...overview.alerts,
      rows: [alertOf(text, { summary: text, description: text, labels, runbook: `javascript:${text}` })],
    },
    advice: { ...overview.advice, rows: [adviceOf(text, { title: text, detail: text, formula: text, labels })] },
    sources: { ...overview.sources, rows: [sourceOf(text, { kind: 'api', organization: text })] },
    runs: { ...overview.runs, rows: [runOf(1, { source: text, error: text, result: 'failed' })] },
  }
}

const EXAMPLES: readonly (readonly [string, Overview])[] = [
  ['a small installation', overviewOf()],
  ['an empty one', emptyOverview()],
  ['one that is loading', loadingOverview()],
  ...HOSTILE.map((text, index) => [`hostile names, ${index}`, hostileOverview(text)] as const),
]

describe.each(EXAMPLES)('the page of %s', (example, overview) => {
  const page = servedPage(overview)
  const elements = parseMarkup(page)
  const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? [])

  it('has each id once, and every reference leads somewhere', () => {
    expect(ids).toEqual([...new Set(ids)])
    for (const { attributes } of elements) {
      const label = attributes.get('aria-labelledby')
      if (label !== undefined) expect(ids).toContain(label)
      const href = attributes.get('href') ?? ''
      if (href.startsWith('#') && href !== '#') expect(ids).toContain(href.slice(1))
    }
  })

  it('has no style and no handler of its own, and one script from its own origin', () => {
    const names = elements.flatMap(({ attributes }) => [...attributes.keys()])
    expect(names.filter((name) => name === 'style' || name.startsWith('on'))).toEqual([])
    const scripts = elements
      .filter(({ tag }) => tag === 'script')
      .map(({ attributes }) => attributes.get('src') ?? null)
    expect(scripts.filter((src) => src !== null)).toEqual(['/assets/page-1.js'])
    expect(elements.filter(({ tag }) => tag === 'style' || tag === 'img')).toEqual([])
  })

  it('links to nothing that runs', () => {
    for (const { tag, attributes } of elements) {
      if (tag === 'a') expect(attributes.get('href')).toMatch(/^(https:\/\/|\/|#)/)
    }
  })

  it('has headings in order, and every section is named by one', () => {
    const levels = elements.filter(({ tag }) => /^h[1-6]$/.test(tag)).map(({ tag }) => Number(tag[1]))
    expect(levels[0]).toBe(1)
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
    const sections = elements.filter(({ tag }) => tag === 'section')
    expect(sections.length).toBeGreaterThan(12)
    for (const { attributes } of sections)
      expect(attributes.get('aria-labelledby')).toBe(`${attributes.get('id')}-heading`)
  })

  it('has tables with a caption and headers, in parts that scroll by keyboard', () => {
    for (const { markup, parents } of elements.filter(({ tag }) => tag === 'table')) {
      expect(markup).toMatch(/^\s*<caption>[^<]+<\/caption>/)
      expect(markup).toContain('<th scope="col"')
      expect(markup).toContain('<th scope="row">')
      expect(parents.at(-1)).toBe('div')
    }
    for (const { attributes } of elements.filter(({ attributes: all }) => all.get('class') === 'scroll')) {
      expect(attributes.get('tabindex')).toBe('0')
      expect(attributes.get('aria-label')).not.toBe('')
    }
  })

  it('has a text for every drawing, or hides it', () => {
    for (const { attributes, parents } of elements.filter(({ tag }) => tag === 'svg')) {
      if (parents.includes('svg')) continue
      const isLabelled = attributes.get('role') === 'img' && attributes.get('aria-label') !== ''
      expect(isLabelled || attributes.get('aria-hidden') === 'true').toBe(true)
    }
  })

  it('has keys that tell the items of a list apart', () => {
    for (const { tag, markup } of elements) {
      if (tag !== 'tbody' && tag !== 'ul') continue
      const keys = [...markup.matchAll(/data-key="([^"]*)"/g)].map(([, key]) => key)
      expect(new Set(keys).size).toBeGreaterThanOrEqual(Math.min(1, keys.length))
    }
  })

  it('holds no control characters and no direction marks', () => {
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
  })

  it('is small', () => {
    // Long names cost what is shown of them, at most 4 bytes a character.
    expect(Buffer.byteLength(page)).toBeLessThan(example.startsWith('hostile') ? 100_000 : 60_000)
  })
})

describe('a served page', () => {
  const page = servedPage(overviewOf())

  it('is reloaded only by browsers without script', () => {
    const [, inside] = /<noscript>(.*?)<\/noscript>/.exec(page) ?? []
    expect(inside).toBe(`<meta http-equiv="refresh" content="${REFRESH_SECONDS}">`)
    expect(page.match(/http-equiv="refresh"/g)).toHaveLength(1)
  })

  it.each(['/metrics', '/api/openapi.json', '/-/healthy', '/-/ready'])('links to %s', (path) => {
    expect(page).toContain(`href="${path}"`)
  })

  it('tells ages, with the time in the title and for machines', () => {
    expect(page).toContain('<time datetime="2026-05-14T12:29:00Z" title="2026-05-14 12:29 UTC">1 min ago</time>')
  })
})

describe('a page in a file', () => {
  const style = 'p{color:red}'
  const script = 'go("<b>")'
  const page = filePage(overviewOf(), style, script)

  it('allows its own style and script and nothing else', () => {
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    const policy = parseMarkup(page).find(
      ({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy',
    )
    const content = policy?.attributes.get('content') ?? ''
    expect(content).toContain("default-src 'none'")
    for (const tag of ['style', 'script']) {
      const found = parseMarkup(page).find((element) => element.tag === tag && !element.attributes.has('id'))
      expect(content).toContain(`${tag}-src ${hash(found?.markup ?? '')}`)
    }
    expect(content).not.toContain('unsafe')
  })

  it('keeps a script that names its own end in its place', () => {
    const odd = filePage(overviewOf(), style, 'const a = "</script><b>"')
    expect(parseMarkup(odd).filter(({ tag }) => tag === 'b')).toEqual([])
  })

  it('links to no server, is not reloaded, and tells times instead of ages', () => {
    const hrefs = parseMarkup(page).flatMap(({ attributes }) => attributes.get('href') ?? [])
    expect(hrefs.filter((href) => !/^(#|https:|data:image)/.test(href))).toEqual([])
    expect(page).not.toContain('refresh')
    expect(textOf(page)).toContain('Last read 2026-05-14 12:29')
  })

  it('says when and from what it was made', () => {
    expect(textOf(page)).toContain('Made on 2026-05-14 12:30 (UTC) by claude-usage-exporter 1.2.3, from claude-code.')
  })

  it('does without a script', () => {
    const plain = filePage(overviewOf(), style, '')
    expect(plain).toContain('script-src &#39;none&#39;')
    expect(plain).not.toContain('type="module"')
  })
})

it('the style sheet is small and asks for nothing', () => {
  const css = readFileSync('src/page/page.css', 'utf8')
  expect(Buffer.byteLength(css)).toBeLessThan(15_000)
  expect(css).not.toMatch(/url\(|@import|!important/)
})
