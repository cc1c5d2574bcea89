import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Deployment } from 'kubernetes-types/apps/v1.js'
import type { ConfigMap, PersistentVolumeClaim } from 'kubernetes-types/core/v1.js'
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments, stringify } from 'yaml'
import type { ServiceMonitor } from '../../scripts/kubernetes/service-monitor.ts'
import { budgetsOf } from '../../src/config/budgets.ts'
import { VERSION } from '../../src/lib/version.ts'
import { loadFrom } from '../config/load-from.ts'
import { blocksOf, yamlUnder } from '../prometheus/support/fenced-blocks.ts'
import { tempFolder } from '../support/temp.ts'
import { isInstalledHere } from './installed-here.ts'
import { deployment, fileNames, kubernetesPath, manifests, podOf, readKubernetesFile } from './manifests.ts'

const PAGE = 'prometheus/kubernetes/README.md'

interface Patch {
  readonly target?: { readonly kind: string; readonly name: string }
  readonly patch: string
}

interface Operation {
  readonly op: string
  readonly path: string
}

const overlay = parse(yamlUnder(PAGE, 'Make it yours')) as Record<string, unknown> & { readonly patches: Patch[] }
const instancePatch = yamlUnder(PAGE, 'Names in Prometheus')
const logsPatch = yamlUnder(PAGE, 'Session logs')

describe('the page', () => {
  it('names every file', () => {
    const page = readKubernetesFile('README.md')
    for (const name of fileNames) expect(page).toContain(name.startsWith('dashboard-') ? 'dashboard-*.yaml' : name)
  })

  it('has commands with one namespace', () => {
    const commands = blocksOf(PAGE).filter(({ language }) => language === 'sh')
    for (const line of commands.flatMap(({ text }) => text.trim().split('\n')))
      expect(line).toMatch(/ -n claude-usage$|^kubectl create namespace claude-usage$/)
  })
})

describe('patches', () => {
  it.each([
    ...overlay.patches.flatMap(({ target, patch }) =>
      operationsOf(patch).map((each) => ({ ...each, kind: target?.kind })),
    ),
    ...operationsOf(instancePatch).map((each) => ({ ...each, kind: 'ServiceMonitor' })),
  ])('$op $path of $kind has its place', ({ op, path, kind }) => {
    const object = [...manifests.values()].find((manifest) => manifest.kind === kind)
    const keys = path.split('/').slice(1)
    const parent = keys.slice(0, -1).reduce<unknown>((value, key) => Reflect.get(Object(value), key), object)
    expect(parent).toBeTypeOf('object')
    expect(Object.hasOwn(Object(parent), keys.at(-1) ?? '')).toBe(op === 'replace')
  })

  it('have a configuration that the exporter accepts', async () => {
    const patch = overlay.patches.find(({ target }) => target === undefined)?.patch ?? ''
    const { config } = await loadFrom({ yaml: (parse(patch) as ConfigMap).data?.['config.yml'] ?? '' })
    expect(budgetsOf(config).map(({ name, basis }) => [name, basis])).toEqual([['organisation', 'billed_cost']])
  })
})

describe.runIf(isInstalledHere('kubectl', ['version', '--client']))('kubectl kustomize', () => {
  it('applies the example, its other names and all patches', async () => {
    const objects = await built({
      ...overlay,
      patches: [...overlay.patches, { target: { kind: 'ServiceMonitor' }, patch: instancePatch }, { patch: logsPatch }],
    })
    expect(objects.size).toBe(manifests.size)
    for (const { metadata } of objects.values()) {
      expect(metadata.namespace).toBe('claude-usage')
      expect(metadata.labels).toHaveProperty('release', 'kube-prometheus-stack')
    }
    const { pod, container } = podOf(objects.get('Deployment') as Deployment)
    expect(container.image).toBe(`registry.example.org/tools/claude-usage-exporter:${VERSION}`)
    const shipped = podOf(deployment)
    expect(container.volumeMounts).toHaveLength((shipped.container.volumeMounts?.length ?? 0) + 1)
    expect(container.volumeMounts).toContainEqual({
      name: 'claude-code-logs',
      mountPath: '/home/agent/.claude/projects',
      subPath: '.claude/projects',
      readOnly: true,
    })
    expect(pod.volumes).toHaveLength((shipped.pod.volumes?.length ?? 0) + 1)
    const policy = objects.get('NetworkPolicy') as NetworkPolicy
    expect(policy.spec?.ingress?.[0]?.from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } } },
    ])
    expect((objects.get('PersistentVolumeClaim') as PersistentVolumeClaim).spec?.storageClassName).toBe('fast-disks')
    const { endpoints } = (objects.get('ServiceMonitor') as unknown as ServiceMonitor).spec
    expect(endpoints[0]?.relabelings[1]?.regex).toBe('(container|endpoint|namespace|pod|service)')
  })
})

/** What comes out for a kustomization beside a copy of the folder, by kind; of several, the last. */
async function built(kustomization: object) {
  const root = tempFolder()
  cpSync(kubernetesPath(), join(root, 'kubernetes'), { recursive: true })
  const folder = join(root, 'ours')
  mkdirSync(folder)
  writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization))
  const { stdout } = await promisify(execFile)('kubectl', ['kustomize', folder], { maxBuffer: 1 << 24 })
  const all = parseAllDocuments(stdout).map((document) => document.toJS())
  return new Map<string, { metadata: { namespace?: string; labels?: object } }>(
    all.map((object) => [object.kind === 'ConfigMap' ? object.metadata.name : object.kind, object]),
  )
}

/** Of a JSON patch; none of a patch that is a part of an object. */
function operationsOf(patch: string): readonly Operation[] {
  const content: unknown = parse(patch)
  return Array.isArray(content) ? content : []
}
