import type { Deployment } from 'kubernetes-types/apps/v1.js'
import type { ConfigMap, PersistentVolumeClaim } from 'kubernetes-types/core/v1.js'
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { ServiceMonitor } from '../../scripts/kubernetes/service-monitor.ts'
import { budgetsOf } from '../../src/config/budgets.ts'
import { VERSION } from '../../src/lib/version.ts'
import { loadFrom } from '../config/load-from.ts'
import { blocksOf, yamlUnder } from '../prometheus/support/fenced-blocks.ts'
import { type Kustomization, kustomized, operationsOf } from './kustomize.ts'
import { deployment, fileNames, manifests, podOf, readKubernetesFile } from './manifests.ts'

const PAGE = 'prometheus/kubernetes/README.md'

const overlay = parse(yamlUnder(PAGE, 'Make it yours')) as Kustomization
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
    ...(overlay.patches ?? []).flatMap(({ target, patch }) =>
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
    const patch = overlay.patches?.find(({ target }) => target === undefined)?.patch ?? ''
    const { config } = await loadFrom({ yaml: (parse(patch) as ConfigMap).data?.['config.yml'] ?? '' })
    expect(budgetsOf(config).map(({ name, basis }) => [name, basis])).toEqual([['organisation', 'billed_cost']])
  })
})

describe('the example', () => {
  it('is applied with its other names and all patches', () => {
    const objects = built({
      ...overlay,
      patches: [
        ...(overlay.patches ?? []),
        { target: { kind: 'ServiceMonitor' }, patch: instancePatch },
        { patch: logsPatch },
      ],
    })
    expect(objects.size).toBe(manifests.size)
    for (const { metadata } of objects.values()) {
      expect(metadata.namespace).toBe('claude-usage')
      expect(metadata.labels).toHaveProperty('release', 'kube-prometheus-stack')
    }
    const { pod, container } = podOf(objects.get('Deployment') as unknown as Deployment)
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
    const policy = objects.get('NetworkPolicy') as unknown as NetworkPolicy
    expect(policy.spec?.ingress?.[0]?.from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } } },
    ])
    expect((objects.get('PersistentVolumeClaim') as unknown as PersistentVolumeClaim).spec?.storageClassName).toBe(
      'fast-disks',
    )
    const { endpoints } = (objects.get('ServiceMonitor') as unknown as ServiceMonitor).spec
    expect(endpoints[0]?.relabelings[1]?.regex).toBe('(container|endpoint|namespace|pod|service)')
  })
})

/** What comes out for a kustomization, by kind; ConfigMaps by name. */
function built(kustomization: Kustomization) {
  const all = kustomized(kustomization, manifests.values())
  return new Map(all.map((object) => [object.kind === 'ConfigMap' ? object.metadata.name : object.kind, object]))
}
