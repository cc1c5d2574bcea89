import type { StatefulSet } from 'kubernetes-types/apps/v1.js'
import type { ConfigMap, PodSpec } from 'kubernetes-types/core/v1.js'
import { describe, expect, it } from 'vitest'
import { allSettings } from '../../../src/config/settings.ts'
import { tempFolder } from '../../support/temp.ts'
import type { Manifest } from '../manifests.ts'
import { objectsOf, rendered, type Values, valueProblems } from './chart.ts'
import { typeErrors } from './typed.ts'
import { valueSets } from './value-sets.ts'

const RELEASE = { name: 'team', namespace: 'spending' }
const sets: readonly (readonly [string, Values])[] = Object.entries(valueSets)
const objectsFor = (values: Values) => objectsOf(values, RELEASE)

describe('what Kubernetes takes', () => {
  it('every object is of its kind, by the types of Kubernetes', async () => {
    expect(
      await typeErrors(
        sets.flatMap(([, values]) => objectsFor(values)),
        tempFolder(),
      ),
    ).toBe('')
  })

  it('and an object that is not, is seen', async () => {
    const workload: object = structuredClone(workloadOf({}))
    Object.assign(Reflect.get(workload, 'spec'), { replica: 1 })
    expect(await typeErrors([workload as Manifest], tempFolder())).toContain('"replica"')
  })
})

describe.each(sets)('with %s', (_, values) => {
  const objects = objectsFor(values)
  const workload = workloadOf(values)
  const pod = podOf(workload)
  const container = containerOf(pod)
  const podLabels = workload.spec?.template.metadata?.labels ?? {}

  it('the values are taken', () => {
    expect(valueProblems(values)).toEqual([])
  })

  it('each object has a name of its own, and the labels of all but the test', () => {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
    for (const { kind, metadata } of objects) {
      expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
      expect(metadata.namespace).toBeUndefined()
      if (kind === 'Pod') continue
      expect(metadata.labels).toMatchObject({ ...SELECTOR, ...Object(values['labels']) })
      for (const value of Object.values(metadata.labels)) expect(value).toMatch(/^([\w]([\w.-]{0,61}\w)?)?$/)
    }
  })

  it('everything finds the Pod by labels that never change', () => {
    expect(workload.spec?.selector.matchLabels).toEqual(SELECTOR)
    expect(podLabels).toMatchObject(SELECTOR)
    expect(only(objects, 'Service')['spec']).toMatchObject({ selector: SELECTOR })
    for (const { spec } of all(objects, 'ServiceMonitor'))
      expect(spec).toMatchObject({ selector: { matchLabels: SELECTOR } })
    for (const { spec } of all(objects, 'NetworkPolicy'))
      expect(spec).toMatchObject({ podSelector: { matchLabels: SELECTOR } })
    for (const { metadata } of all(objects, 'Pod')) {
      expect(metadata.labels).not.toHaveProperty('app.kubernetes.io/instance')
    }
  })

  it('there is one exporter, which ends before the next one starts', () => {
    expect(workload.spec?.replicas).toBe(1)
    if (workload.kind === 'StatefulSet') expect(workload.spec?.updateStrategy).toEqual({ type: 'RollingUpdate' })
    else expect(workload.spec).toMatchObject({ strategy: { type: 'Recreate' } })
    expect(all(objects, 'PodDisruptionBudget')).toEqual([])
  })

  it('every volume is mounted, and every mount has its volume', () => {
    const mounted = (container.volumeMounts ?? []).map(({ name }) => name)
    expect([...mounted].sort()).toEqual((pod.volumes ?? []).map(({ name }) => name).sort())
    const paths = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath)
    expect(new Set(paths).size).toBe(paths.length)
  })

  it('files that the environment names are on a volume', () => {
    const paths = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath)
    const files = (container.env ?? []).filter(({ name }) => /_FILE$/.test(name))
    expect(files.length).toBeGreaterThan(0)
    for (const { value = '' } of files)
      expect(
        paths.some((path) => value.startsWith(`${path}/`)),
        value,
      ).toBe(true)
  })

  it('the environment has settings that there are, and no secret', () => {
    const known = ['CLAUDE_USAGE_EXPORTER_CONFIG_FILE', ...allSettings.map(({ environmentName }) => environmentName)]
    const env = container.env ?? []
    expect(new Set(env.map(({ name }) => name)).size).toBe(env.length)
    for (const { name } of env) if (name.startsWith('CLAUDE_')) expect(known).toContain(name)
    const secret = allSettings.filter(({ setting }) => setting.secret)
    const names = secret.flatMap(({ environmentName, setting }) => [environmentName, setting.alsoEnvironment ?? ''])
    for (const { name, value = '' } of env) {
      if (names.includes(name) && value !== '') expect(value).toMatch(/^postgres:\/\/[^:]+@[^?]+$/)
    }
    expect(all(objects, 'Secret')).toEqual([])
  })

  it('nothing runs as root, writes to its root or has a token', () => {
    const pods = [pod, ...all(objects, 'Pod').map(({ spec }) => spec as PodSpec)]
    for (const each of pods) {
      expect(each.automountServiceAccountToken).toBe(false)
      expect(each.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      for (const { securityContext, resources } of each.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect(resources?.limits).toHaveProperty('memory')
      }
    }
    for (const account of all(objects, 'ServiceAccount'))
      expect(account).toMatchObject({ automountServiceAccountToken: false })
    const writable = (container.volumeMounts ?? []).filter(({ readOnly }) => readOnly !== true).map(({ name }) => name)
    expect(writable.filter((name) => name !== 'more')).toEqual(['ledger', 'temporary'])
  })

  it('is small enough to be applied', () => {
    for (const object of objects) expect(Buffer.byteLength(JSON.stringify(object))).toBeLessThan(262_144)
  })

  it('the notes are complete', () => {
    const notes = rendered(values, RELEASE).get('templates/NOTES.txt') ?? ''
    expect(notes).toContain(`service/${only(objects, 'Service').metadata.name}`)
    expect(notes).not.toMatch(/<no value>|undefined|\[object/)
  })
})

describe('the ledger', () => {
  it('is a file on a claim that outlives the release, in a StatefulSet', () => {
    const objects = objectsFor({})
    expect(workloadOf({}).kind).toBe('StatefulSet')
    const claim = only(objects, 'PersistentVolumeClaim')
    expect(claim.metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' })
    expect(podOf(workloadOf({})).volumes).toContainEqual({
      name: 'ledger',
      persistentVolumeClaim: { claimName: claim.metadata.name },
    })
  })

  it('is on the claim that is there', () => {
    const values = valueSets['SQLite on a claim that is there']
    expect(all(objectsFor(values), 'PersistentVolumeClaim')).toEqual([])
    const volumes = podOf(workloadOf(values)).volumes ?? []
    expect(volumes.find(({ name }) => name === 'ledger')).toEqual({
      name: 'ledger',
      persistentVolumeClaim: { claimName: 'ledger' },
    })
  })

  it('is in PostgreSQL without a claim, in a Deployment', () => {
    const workload = workloadOf(valueSets.PostgreSQL)
    expect(workload.kind).toBe('Deployment')
    expect(all(objectsFor(valueSets.PostgreSQL), 'PersistentVolumeClaim')).toEqual([])
    const env = containerOf(podOf(workload)).env ?? []
    expect(env.find(({ name }) => name === 'CLAUDE_USAGE_EXPORTER_STORAGE_URL')).toEqual({
      name: 'CLAUDE_USAGE_EXPORTER_STORAGE_URL',
      valueFrom: { secretKeyRef: { name: 'claude-usage-db', key: 'url' } },
    })
    expect(podOf(workload).volumes).toContainEqual({
      name: 'postgresql',
      secret: { secretName: 'claude-usage-db', defaultMode: 0o440, items: [{ key: 'password', path: 'password' }] },
    })
  })
})

describe('session logs', () => {
  const sourcesOf = (values: Values) =>
    containerOf(podOf(workloadOf(values))).env?.find(({ name }) => name === 'CLAUDE_USAGE_EXPORTER_SOURCES_READ')?.value

  it('are not looked for where none are mounted, and read where some are', () => {
    const logs = [{ name: 'pi', mountPath: '.pi/agent/sessions', hostPath: '/srv/pi' }]
    expect([sourcesOf({}), sourcesOf({ logs }), sourcesOf({ logs, sources: 'pi' })]).toEqual(['none', undefined, 'pi'])
  })
})

describe('refused', () => {
  it.each<[string, Values, string]>([
    ['PostgreSQL without an address', { storage: { type: 'postgresql' } }, 'there is no address'],
    [
      'a password of no Secret',
      { storage: { type: 'postgresql', postgresql: { url: 'postgres://db/x', passwordKey: 'password' } } },
      'needs the Secret',
    ],
    [
      'an address in the configuration',
      { config: { storage: { url: 'postgres://a:b@c/d' } } },
      'config.storage must hold',
    ],
    ['a password in the configuration', { config: { storage: { password: 'x' } } }, 'config.storage must hold'],
    ['a key in the configuration', { config: { admin_api: { key: 'x' } } }, 'config.admin_api.key must not'],
    ['a key in the environment', { extraEnv: [{ name: 'ANTHROPIC_ADMIN_KEY', value: 'x' }] }, 'use valueFrom'],
    ['logs from nowhere', { logs: [{ name: 'x', mountPath: 'x' }] }, 'existingClaim or hostPath'],
  ])('%s', (_, values, message) => {
    expect(() => objectsFor(values)).toThrow(message)
  })
})

describe('an upgrade', () => {
  it('changes nothing when nothing changed', () => {
    expect(rendered({}, RELEASE)).toEqual(rendered({}, RELEASE))
  })

  it('makes a new Pod of another configuration', () => {
    const checksum = (config: Values) =>
      workloadOf({ config }).spec?.template.metadata?.annotations?.['checksum/config']
    expect(checksum({ time_zone: 'UTC' })).not.toBe(checksum({}))
    expect(checksum({})).toMatch(/^[0-9a-f]{64}$/)
  })

  it('changes nothing that Kubernetes lets nobody change', () => {
    const fixed = (values: Values) => {
      const { spec } = workloadOf(values)
      const { serviceName, podManagementPolicy, volumeClaimTemplates } = Object(spec)
      return { selector: spec?.selector, serviceName, podManagementPolicy, volumeClaimTemplates }
    }
    const bigger = { storage: { sqlite: { size: '9Gi' } }, labels: { a: 'b' }, image: { tag: '9' }, machineName: 'x' }
    expect(fixed(bigger)).toEqual(fixed({}))
  })
})

describe('names', () => {
  it.each([
    ['team', 'team-claude-usage-exporter'],
    ['claude-usage-exporter', 'claude-usage-exporter'],
    ['my-claude-usage-exporter-2', 'my-claude-usage-exporter-2'],
    ['a'.repeat(53), 'a'.repeat(52)],
    [`${'a'.repeat(51)}-b`, 'a'.repeat(51)],
  ])('of a release called %s', (name, expected) => {
    const objects = objectsOf({ dashboards: { enabled: false } }, { name, namespace: 'x' })
    expect(only(objects, 'Service').metadata.name).toBe(expected)
  })
})

const SELECTOR = { 'app.kubernetes.io/name': 'claude-usage-exporter', 'app.kubernetes.io/instance': 'team' }

type Spec = Manifest & { readonly spec?: unknown; readonly data?: ConfigMap['data'] }

function all(objects: readonly Manifest[], kind: string): readonly Spec[] {
  return objects.filter((object) => object.kind === kind)
}

function only(objects: readonly Manifest[], kind: string): Spec {
  const [found, ...others] = all(objects, kind)
  if (found === undefined || others.length > 0) throw new Error(`not one ${kind}`)
  return found
}

/** StatefulSet or Deployment: what is asked of it here, both have. */
function workloadOf(values: Values): { readonly kind: string; readonly spec?: StatefulSet['spec'] } {
  const found = objectsFor(values).filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment')
  if (found.length !== 1) throw new Error('not one workload')
  return found[0] as Manifest & { readonly spec?: StatefulSet['spec'] }
}

function podOf({ spec }: { readonly spec?: StatefulSet['spec'] }): PodSpec {
  if (spec?.template.spec === undefined) throw new Error('no Pod')
  return spec.template.spec
}

function containerOf({ containers }: PodSpec) {
  const [container, ...others] = containers
  if (container === undefined || others.length > 0) throw new Error('not one container')
  return container
}
