import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { loadPageAssets } from '../../../src/page/assets.ts'
import { buildPageAssets } from '../../../src/page/build-assets.mjs'

describe('style and script of the page', () => {
  it('are the same, under the same names, whenever they are built from the same sources', async () => {
    const { assets } = await buildPageAssets()
    expect(await loadPageAssets()).toEqual(assets)
  })

  it('are made of the style, of the script and of the chart library, and of nothing of the server', async () => {
    const { inputs } = await buildPageAssets()
    expect(inputs).toEqual(
      expect.arrayContaining([
        'src/page/page.css',
        'src/page/client/main.ts',
        'node_modules/uplot/dist/uPlot.esm.js',
        'node_modules/uplot/dist/uPlot.min.css',
      ]),
    )
    expect(inputs.filter((path) => /^src\/(?!page\/|core\/|lib\/)|node_modules\/(?!uplot\/)/.test(path))).toEqual([])
  })

  it('leave most of the 200 kB of the first load to the page itself', async () => {
    const { style, script } = await loadPageAssets()
    expect(gzipSync(style.text).length + gzipSync(script.text).length).toBeLessThan(60_000)
  })

  it('carry the licence of the chart library', () => {
    expect(readFileSync('dist/third-party-licenses.txt', 'utf8')).toMatch(/^uplot \d+\.\d+\.\d+ \(MIT\)$/m)
  })
})
