import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { dashboardFiles } from '../../grafana/dashboards/index.ts'
import { kubernetesFiles } from '../../scripts/kubernetes/files.ts'
import { dashboards, fileNames, kustomization, manifests, readKubernetesFile } from './manifests.ts'

const EXAMPLE = readFileSync(new URL('../../claude-usage-exporter.example.yml', import.meta.url), 'utf8')
/** What the API server takes of a ConfigMap, and what `kubectl apply` may remember of an object in an annotation. */
const MIB = 1_048_576
const LAST_APPLIED_LIMIT = 262_144

const objects = [...manifests].map(([file, manifest]) => ({ file, manifest }))

describe('the files', () => {
  it('are what the sources say, and no others', () => {
    const generated = [...kubernetesFiles(EXAMPLE)].map(([path, text]) => [path.split('/').pop() ?? '', text] as const)
    for (const [name, text] of generated) expect(readKubernetesFile(name) === text, name).toBe(true)
    expect(fileNames).toEqual([...generated.map(([name]) => name), 'prometheusrule.yaml'].sort())
  })

  it.each(fileNames)('%s is one document that reads the same in YAML 1.1, which Kubernetes speaks', (name) => {
    const text = readKubernetesFile(name)
    expect(parseAllDocuments(text)).toHaveLength(1)
    expect(parse(text, { version: '1.1' })).toEqual(parse(text))
  })

  it('are all applied by the kustomization', () => {
    expect(kustomization.resources).toEqual([...manifests.keys()].sort())
  })

  it('have one object of each name and kind', () => {
    const names = objects.map(({ manifest }) => `${manifest.kind} ${manifest.metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe.each(objects)('$file', ({ manifest }) => {
  it('has a name that Kubernetes takes, and the labels of all', () => {
    expect(manifest.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
    expect(manifest.metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'claude-usage-exporter' })
  })

  it('leaves the namespace to whoever applies it', () => {
    expect(manifest.metadata.namespace).toBeUndefined()
  })

  it('is no Secret', () => {
    expect(manifest.kind).not.toBe('Secret')
  })

  it('is small enough to be applied', () => {
    const bytes = Buffer.byteLength(JSON.stringify(manifest))
    expect(bytes).toBeLessThan(manifest.kind === 'ConfigMap' ? Math.min(MIB, LAST_APPLIED_LIMIT) : LAST_APPLIED_LIMIT)
  })
})

describe('dashboards', () => {
  it('are the generated ones, byte by byte, one in each ConfigMap', () => {
    const shipped = dashboards.flatMap(({ data = {} }) => [Object.entries(data)])
    expect(shipped.map((entries) => entries.length)).toEqual(shipped.map(() => 1))
    const texts = new Map(shipped.flat())
    const generated = [...dashboardFiles()].map(([path, json]) => ({ name: path.split('/').pop() ?? '', json }))
    expect([...texts.keys()].sort()).toEqual(generated.map(({ name }) => name).sort())
    for (const { name, json } of generated) expect(texts.get(name) === json, name).toBe(true)
    expect(generated.length).toBeGreaterThan(0)
  })

  it('have what the sidecar of Grafana looks for', () => {
    for (const { metadata } of dashboards) {
      expect(metadata?.labels).toMatchObject({ grafana_dashboard: '1' })
      expect(metadata?.annotations).toEqual({ grafana_folder: 'Claude usage' })
    }
  })
})

describe('rules', () => {
  const groupsOf = (name: string): object[] =>
    parse(readFileSync(new URL(`../../prometheus/rules/${name}`, import.meta.url), 'utf8')).groups

  it('are those of prometheus/rules', () => {
    const { spec } = parse(readKubernetesFile('prometheusrule.yaml')) as { spec: { groups: object[] } }
    expect(spec.groups).toEqual([...groupsOf('recording.yml'), ...groupsOf('alerts.yml')])
  })
})
