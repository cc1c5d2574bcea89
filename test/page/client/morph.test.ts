import fc from 'fast-check'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type * as morphing from '../../../src/page/client/morph.ts'
import { hasBrowser, openBrowser } from '../../support/browser.ts'
import { clientBundle } from './client-bundle.ts'

declare const client: typeof morphing

describe.runIf(hasBrowser())('morphing', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await openBrowser()
    page = await browser.newPage()
    await page.addScriptTag({ content: await clientBundle('morph') })
  })
  afterAll(() => browser?.close())
  beforeEach(() => page.evaluate(() => document.body.replaceChildren()))

  /**
   * Shows one content, takes over the other, and says which elements with a `data-key` or `id` stayed the same ones.
   * `selected`: which of them is selected meanwhile.
   */
  async function morphed(before: string, after: string, selected = -1) {
    return page.evaluate(
      ([from, to, index]) => {
        const parse = (content: string) =>
          new DOMParser().parseFromString(`<main>${content}</main>`, 'text/html').querySelector('main')
        const current = parse(from)
        const next = parse(to)
        if (current === null || next === null) throw new Error('no content')
        document.body.replaceChildren(document.adoptNode(current))
        const named = () => [...current.querySelectorAll('[data-key], [id]')]
        const old = new Set(named())
        const attended = named()[index]
        if (attended) getSelection()?.selectAllChildren(attended)
        client.morph(current, next)
        return {
          html: current.innerHTML,
          isEqual: current.isEqualNode(next),
          stayed: named()
            .filter((element) => old.has(element))
            .map((element) => element.getAttribute('data-key') ?? element.id),
        }
      },
      [before, after, selected] as const,
    )
  }

  const row = (key: string, text = key) => `<li data-key="${key}">${text}</li>`

  it.each([
    { change: 'nothing', before: '<p id="a">1</p>', after: '<p id="a">1</p>', stayed: ['a'] },
    { change: 'a text', before: '<p id="a">1 of 3</p>', after: '<p id="a">2 of 3</p>', stayed: ['a'] },
    {
      change: 'attributes',
      before: '<p id="a" class="ok" title="x">1</p>',
      after: '<p id="a" class="bad" lang="en">1</p>',
      stayed: ['a'],
    },
    {
      change: 'a new first row',
      before: row('a') + row('b'),
      after: row('c') + row('a') + row('b'),
      stayed: ['a', 'b'],
    },
    {
      change: 'a row that goes',
      before: row('a') + row('b') + row('c'),
      after: row('a') + row('c'),
      stayed: ['a', 'c'],
    },
    {
      change: 'another order',
      before: row('a') + row('b') + row('c'),
      after: row('c') + row('a', 'A') + row('b'),
      stayed: ['c', 'a', 'b'],
    },
    { change: 'everything', before: row('a') + row('b'), after: row('c') + row('d'), stayed: [] },
    {
      change: 'a section that comes between others',
      before: '<section id="a">1</section> <section id="c">3</section>',
      after: '<section id="a">1</section> <section id="b">2</section> <section id="c">3</section>',
      stayed: ['a', 'c'],
    },
    { change: 'the kind of an element', before: '<p id="a">1</p>', after: '<dl id="a"><dt>1</dt></dl>', stayed: [] },
    { change: 'to nothing', before: row('a'), after: '', stayed: [] },
    {
      change: 'two rows with one key',
      before: row('a', '1') + row('a', '2'),
      after: row('a', '2') + row('a', '3'),
      stayed: ['a', 'a'],
    },
    {
      change: 'a drawing',
      before: '<svg id="a"><rect width="1"/></svg>',
      after: '<svg id="a"><rect width="2"/><line x1="0"/></svg>',
      stayed: ['a'],
    },
  ])('takes over $change', async ({ before, after, stayed }) => {
    const result = await morphed(before, after)
    expect(result).toMatchObject({ isEqual: true, stayed })
  })

  it('makes any content into any other, and keeps every element that is in both', async () => {
    const leaf = fc.constantFrom('text', '&lt;b&gt;', ' ', '<b>bold</b>', '<!-- note -->', '<svg><rect/></svg>', '<br>')
    const { item } = fc.letrec<{ item: string }>((tie) => ({
      item: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        leaf,
        fc
          .tuple(
            fc.constantFrom('p', 'div', 'section'),
            fc.constantFrom('', ' class="x"', ' title="y"'),
            fc.array(tie('item'), { maxLength: 3 }),
          )
          .map(
            ([name, attribute, items]) =>
              `<${name === 'p' ? 'span' : name}${attribute}>${items.join('')}</${name === 'p' ? 'span' : name}>`,
          ),
      ),
    }))
    const content = fc
      .tuple(
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 }),
        fc.array(item, { maxLength: 6 }),
      )
      .map(([keys, items]) => ({
        keys,
        text: Array.from({ length: Math.max(keys.length, items.length) }, (_, index) => {
          const key = keys[index]
          return (key === undefined ? '' : `<div data-key="${key}">${items.at(-1) ?? ''}</div>`) + (items[index] ?? '')
        }).join(''),
      }))
    await fc.assert(
      fc.asyncProperty(content, content, fc.integer({ min: -1, max: 4 }), async (before, after, selected) => {
        const { isEqual, stayed } = await morphed(before.text, after.text, selected)
        expect(isEqual).toBe(true)
        expect(stayed).toEqual(after.keys.filter((key) => before.keys.includes(key)))
      }),
      { numRuns: Number(process.env['MORPH_RUNS'] ?? 150) },
    )
  })

  it('keeps focus and what is selected', async () => {
    await page.setContent('<main><p id="w">Words to select: 1</p><ul></ul></main>')
    const state = await page.evaluate(
      ([before = '', after = '']) => {
        const main = document.querySelector('main')
        const list = document.querySelector('ul')
        const next = document.createElement('main')
        if (main === null || list === null) throw new Error('no content')
        list.innerHTML = before
        next.innerHTML = `<p id="w">Words to select: 25</p><ul>${after}</ul>`
        const words = main.querySelector('p')?.firstChild
        const focused = main.querySelector<HTMLElement>('[data-key="b"] a')
        focused?.focus()
        if (words) getSelection()?.setBaseAndExtent(words, 0, words, 5)
        client.morph(main, next)
        return {
          text: main.textContent,
          selected: getSelection()?.toString(),
          isFocused: focused !== null && document.activeElement === focused && focused.isConnected,
        }
      },
      [row('a') + row('b', '<a href="#">b</a>'), row('c') + row('b', '<a href="#">b</a>') + row('a')],
    )
    expect(state).toEqual({ text: 'Words to select: 25cba', selected: 'Words', isFocused: true })
  })

  it.each([
    { place: 'first', order: 'cabd' },
    { place: 'last', order: 'adbc' },
    { place: 'in the middle of others', order: 'dcba' },
  ])('keeps what is selected in a row that is $place afterwards', async ({ order }) => {
    const rows = (keys: string) => [...keys].map((key) => row(key, `Row ${key}`)).join('')
    await page.setContent(`<main><p data-client="">own</p>${rows('abcd')}</main>`)
    const state = await page.evaluate((after) => {
      const main = document.querySelector('main')
      const next = document.createElement('main')
      const words = document.querySelector('[data-key="c"]')?.firstChild
      if (main === null || !words) throw new Error('no content')
      next.innerHTML = after
      getSelection()?.setBaseAndExtent(words, 0, words, 5)
      client.morph(main, next)
      return { text: main.textContent, selected: getSelection()?.toString() }
    }, rows(order))
    expect(state).toEqual({ text: `own${[...order].map((key) => `Row ${key}`).join('')}`, selected: 'Row c' })
  })

  it('leaves it to the reader which details are open', async () => {
    const closed = '<details id="d"><summary>More</summary>1</details><details id="e"><summary>E</summary></details>'
    const { html } = await morphed(
      closed.replace('id="d"', 'id="d" open'),
      closed.replace('1<', '2<').replace('id="e"', 'id="e" open'),
    )
    expect(html).toBe(
      '<details id="d" open=""><summary>More</summary>2</details><details id="e"><summary>E</summary></details>',
    )
  })

  it('does not touch what the script added', async () => {
    const { html } = await morphed(
      '<figure id="f" data-client-chart=""><div data-client="">chart</div><svg></svg><p>1</p></figure>',
      '<figure id="f"><svg></svg><p>2</p><p>3</p></figure>',
    )
    expect(html).toBe(
      '<figure id="f" data-client-chart=""><div data-client="">chart</div><svg></svg><p>2</p><p>3</p></figure>',
    )
  })

  it('runs nothing that comes with the new content', async () => {
    await page.evaluate(() => Reflect.deleteProperty(globalThis, 'ran'))
    await morphed('<p>1</p>', '<p>2</p><script>globalThis.ran = 1</script>')
    expect(await page.evaluate(() => Reflect.get(globalThis, 'ran') ?? null)).toBeNull()
  })
})
