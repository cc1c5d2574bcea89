import { describe, expect, it } from 'vitest'
import { COLLECTORS } from '../../src/metrics/definition.ts'
import { createExposition } from '../../src/metrics/exposition.ts'
import { Health } from '../../src/metrics/health.ts'
import type { Family } from '../../src/metrics/render/family.ts'
import { scrapedFamilies } from '../../src/metrics/scraped-families.ts'
import { requestsOf } from '../../src/remote-write/requests.ts'
import { createSeriesTracker } from '../../src/remote-write/series-tracker.ts'
import { encodeSeries, type SeriesSample } from '../../src/remote-write/write-request.ts'
import { healthOptions } from '../metrics/health-options.ts'
import { parseSamples } from '../metrics/parse-text.ts'
import { sampleSnapshot } from '../metrics/sample-snapshot.ts'
import { decodeRequest } from './decode.ts'

const HOSTILE = [
  '<script>',
  'a|b',
  '`x`',
  '=cmd',
  'a\nb\\n"c"',
  'nul\0',
  '} 5',
  'x="y",z="',
  ' ',
  'ü😀',
  'a'.repeat(10_000),
]

describe('createSeriesTracker', () => {
  it('sends what a scrape of the same snapshot shows, decimal for decimal', async () => {
    const health = new Health({ ...healthOptions, processMetrics: false })
    const families = await scrapedFamilies(sampleSnapshot, health)
    const text = await createExposition({ snapshot: () => sampleSnapshot, health })({
      format: 'text',
      gzip: false,
      collectors: new Set(COLLECTORS),
    })
    const scraped = parseSamples(text.toString()).map(({ name, labels, value }) => [
      seriesText([['__name__', name] as const, ...labels].filter(([, label]) => label !== '')),
      Number(value.replace('Inf', 'Infinity')),
    ])
    const { begun } = await createSeriesTracker(new Map()).next(families)
    const sent = read(begun).map(({ labels, samples: [sample] }) => [seriesText(labels), sample?.value])
    expect(sent.length).toBeGreaterThan(100)
    expect(sent.sort(byText)).toEqual(scraped.sort(byText))
  })

  it('tells first values, further ones and ends apart', async () => {
    const tracker = createSeriesTracker(new Map())
    expect(texts(await tracker.next([family('a', ['{x="1"} 1', '{x="2"} 2'])]))).toEqual({
      begun: ['a{x=1} 1', 'a{x=2} 2'],
      continued: [],
      ended: [],
    })
    expect(texts(await tracker.next([family('a', ['{x="2"} 3', '{x="3"} 4'])]))).toEqual({
      begun: ['a{x=3} 4'],
      continued: ['a{x=2} 3'],
      ended: ['a{x=1} end'],
    })
    expect(texts(await tracker.next([family('a', ['{x="1"} 9'])]))).toEqual({
      begun: ['a{x=1} 9'],
      continued: [],
      ended: ['a{x=2} end', 'a{x=3} end'],
    })
    expect(read(tracker.endAll()).map(({ labels }) => seriesText(labels))).toEqual(['a{x=1}'])
    expect(tracker.endAll()).toEqual([])
  })

  it('gives external labels to series that have none of that name', async () => {
    const tracker = createSeriesTracker(
      new Map([
        ['job', 'j'],
        ['project', 'outer'],
      ]),
    )
    expect(texts(await tracker.next([family('a', [' 1', '{project="inner"} 2', '_sum{le="1.0"} 3'])])).begun).toEqual([
      'a{job=j,project=outer} 1',
      'a{job=j,project=inner} 2',
      'a_sum{job=j,le=1.0,project=outer} 3',
    ])
  })

  it.each(HOSTILE.map((value) => ({ what: JSON.stringify(value.slice(0, 20)), value })))(
    'takes the label value $what as it is',
    async ({ value }) => {
      const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
      const tracker = createSeriesTracker(new Map())
      const [series] = read((await tracker.next([family('a', [`{project="${escaped}",model="m"} 7`])])).begun)
      expect(series).toMatchObject({
        labels: [
          ['__name__', 'a'],
          ['model', 'm'],
          ['project', value],
        ],
        samples: [{ value: 7 }],
      })
    },
  )

  it('takes the first of series that differ in broken characters alone', async () => {
    const tracker = createSeriesTracker(new Map())
    const families = [family('a', ['{x="\ud800"} 1', '{x="\udfff"} 2', '{x="\ufffd"} 3'])]
    expect(texts(await tracker.next(families)).begun).toEqual(['a{x=\ufffd} 1'])
    expect(texts(await tracker.next(families))).toMatchObject({ continued: ['a{x=\ufffd} 1'], ended: [] })
  })
})

function family(name: string, lines: string[]): Family {
  return { name, type: 'gauge', help: 'Help.', unit: '', lines }
}

function read(samples: readonly SeriesSample[]) {
  return [...requestsOf(samples.map((sample) => encodeSeries(sample, 1)))].flatMap(
    ({ body }) => decodeRequest(body).series,
  )
}

function texts(moment: Record<'begun' | 'continued' | 'ended', readonly SeriesSample[]>) {
  const listed = (samples: readonly SeriesSample[]) =>
    read(samples).map(
      ({ labels, samples: [sample] }) =>
        `${seriesText(labels)} ${sample?.bits === '7ff0000000000002' ? 'end' : sample?.value}`,
    )
  return { begun: listed(moment.begun), continued: listed(moment.continued), ended: listed(moment.ended) }
}

function seriesText(labels: readonly (readonly [string, string])[]): string {
  const name = labels.find(([label]) => label === '__name__')?.[1]
  const rest = labels.filter(([label]) => label !== '__name__').map(([label, value]) => `${label}=${value}`)
  return `${name}{${rest.sort().join(',')}}`
}

function byText(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1
}
