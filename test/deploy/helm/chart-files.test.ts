import { describe, expect, it } from 'vitest'
import { isMap, parseDocument } from 'yaml'
import { chartFiles } from '../../../scripts/kubernetes/chart.ts'
import { VERSION } from '../../../src/lib/version.ts'
import { chartPaths, chartYaml, defaultValues, readChartFile, type Values, valueProblems } from './chart.ts'

const FOLDER = 'prometheus/kubernetes/chart/'

describe('the chart', () => {
  it('has the version of the program', () => {
    expect(chartYaml).toMatchObject({ apiVersion: 'v2', version: VERSION, appVersion: VERSION })
  })

  it('repeats rules and dashboards as they are, and nothing that is gone', () => {
    const generated = [...chartFiles()].map(([path, text]) => [path.slice(FOLDER.length), text] as const)
    for (const [path, text] of generated) expect(readChartFile(path) === text, path).toBe(true)
    expect(chartPaths('files')).toEqual(generated.map(([path]) => path).sort())
  })

  it('has a README with every value and its default', () => {
    const page = readChartFile('README.md')
    const rows = [...page.matchAll(/^\| `([\w.]+)` \| (.+?) \| .+ \|$/gm)].map(([, name, value]) => [name, value])
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(leavesOf(defaultValues)))
    expect(rows).toHaveLength(leavesOf(defaultValues).length)
  })

  it('tells something of every value in values.yaml, or of the group it is in', () => {
    const { contents } = parseDocument(readChartFile('values.yaml'))
    expect(isMap(contents)).toBe(true)
    expect(
      readChartFile('values.yaml')
        .split('\n')
        .filter((line) => line.startsWith('#')).length,
    ).toBeGreaterThan(10)
  })
})

describe('values.schema.json', () => {
  it('takes the defaults', () => {
    expect(valueProblems({})).toEqual([])
  })

  it.each<[what: string, values: Values, where: string]>([
    ['a group that is none', { storrage: {} }, 'storrage'],
    ['a value that is none', { image: { tga: '1' } }, 'tga'],
    ['another database', { storage: { type: 'mysql' } }, 'storage.type'],
    ['a number as text', { service: { port: '10061' } }, 'service.port'],
    ['a port that is none', { service: { port: 70_000 } }, 'service.port'],
    [
      'a password in the address',
      { storage: { postgresql: { url: 'postgres://a:b@db/x' } } },
      'storage.postgresql.url',
    ],
    [
      'a password in the query',
      { storage: { postgresql: { url: 'postgres://db/x?password=b' } } },
      'storage.postgresql.url',
    ],
    ['an address of something else', { storage: { postgresql: { url: 'mysql://db/x' } } }, 'storage.postgresql.url'],
    ['two connections', { storage: { postgresql: { poolSize: 2 } } }, 'storage.postgresql.poolSize'],
    ['a volume for many writers', { storage: { sqlite: { accessModes: ['ReadWriteMany'] } } }, 'accessModes'],
    ['a size that is none', { storage: { sqlite: { size: 'much' } } }, 'storage.sqlite.size'],
    ['more than one exporter', { replicas: 2 }, 'replicas'],
    ['a key in plain text', { adminKey: { value: 'sk-ant-admin01' } }, 'value'],
    ['sources that are none', { sources: 'cursor' }, 'sources'],
    ['a name that Kubernetes does not take', { fullnameOverride: 'Spending' }, 'fullnameOverride'],
    ['logs at a place of their own', { logs: [{ name: 'x', mountPath: '/etc' }] }, 'logs.0.mountPath'],
    ['a label that is no text', { labels: { answer: true } }, 'labels.answer'],
    ['an interval without unit', { serviceMonitor: { interval: '15' } }, 'serviceMonitor.interval'],
    ['an address that would break a rule', { prometheusRule: { grafanaUrl: 'http://x/{{ .Secret }}' } }, 'grafanaUrl'],
    ['a policy that lets nobody in', { networkPolicy: { from: [] } }, 'networkPolicy.from'],
    ['a digest that is none', { image: { digest: 'sha256:12' } }, 'image.digest'],
  ])('refuses %s', (_, values, where) => {
    const problems = valueProblems(values)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(where)
  })
})

/** Every value by its path, with its default as the table of README shows it. Maps of free keys are one value. */
function leavesOf(values: Values, prefix = ''): [string, string][] {
  return Object.entries(values).flatMap(([key, value]): [string, string][] => {
    const path = `${prefix}${key}`
    const isFree = ['labels', 'annotations', 'resources'].includes(key)
    if (
      !isFree &&
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.keys(value).length > 0
    )
      return leavesOf(value as Values, `${path}.`)
    return [[path, `\`${JSON.stringify(value)}\``]]
  })
}
