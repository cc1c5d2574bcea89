import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { VERSION } from '../../src/lib/version.ts'
import { definitions } from '../../src/metrics/definitions.ts'
import { healthDefinitions } from '../../src/metrics/health-definitions.ts'
import {
  claim,
  configMap,
  deployment,
  environmentOf,
  networkPolicy,
  podOf,
  readKubernetesFile,
  service,
  serviceMonitor,
} from './manifests.ts'

const { pod, container, labels } = podOf(deployment)
const environment = environmentOf(deployment)
const mounts = new Map((container.volumeMounts ?? []).map((mount) => [mount.mountPath, mount]))

/** The volume that a file in the container is on, by the longest path that leads to it. */
function volumeOf(path: string | undefined) {
  const [mountPath] = [...mounts.keys()]
    .filter((folder) => path === folder || path?.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)
  const mount = mounts.get(mountPath ?? '')
  return { mount, volume: pod.volumes?.find(({ name }) => name === mount?.name) }
}

describe('objects find each other', () => {
  it.each([
    { who: 'the Deployment', selector: deployment.spec?.selector.matchLabels },
    { who: 'the Service', selector: service.spec?.selector },
    { who: 'the NetworkPolicy', selector: networkPolicy.spec?.podSelector?.matchLabels },
  ])('$who selects the Pod', ({ selector = {} }) => {
    expect(Object.keys(selector).length).toBeGreaterThan(0)
    expect(labels).toMatchObject(selector)
  })

  it('the ServiceMonitor selects the Service, and its job label names the job', () => {
    expect(service.metadata?.labels).toMatchObject(serviceMonitor.spec.selector.matchLabels)
    expect(service.metadata?.labels?.[serviceMonitor.spec.jobLabel]).toBe('claude-usage-exporter')
  })

  it('one port by its name, from the container to the ServiceMonitor', () => {
    expect(container.ports).toEqual([{ name: 'metrics', containerPort: 10061 }])
    expect(service.spec?.ports).toEqual([{ name: 'metrics', port: 10061, targetPort: 'metrics' }])
    expect(serviceMonitor.spec.endpoints.map(({ port }) => port)).toEqual(['metrics'])
    expect(networkPolicy.spec?.ingress?.flatMap(({ ports = [] }) => ports.map(({ port }) => port))).toEqual(['metrics'])
    for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe])
      expect(probe?.httpGet?.port).toBe('metrics')
    expect(environment['CLAUDE_USAGE_EXPORTER_WEB_LISTEN_ADDRESS']).toMatch(/:10061$/)
  })

  it('every mount has a volume, every volume a mount', () => {
    const mounted = (container.volumeMounts ?? []).map(({ name }) => name).sort()
    expect(mounted).toEqual((pod.volumes ?? []).map(({ name }) => name).sort())
    expect(new Set(mounted).size).toBe(mounted.length)
    expect(mounts.size).toBe(mounted.length)
  })

  it('the configuration is a key of the ConfigMap', () => {
    const path = environment['CLAUDE_USAGE_EXPORTER_CONFIG_FILE']
    const { mount, volume } = volumeOf(path)
    expect(volume?.configMap?.name).toBe(configMap.metadata?.name)
    expect(Object.keys(configMap.data ?? {}).map((key) => `${mount?.mountPath}/${key}`)).toEqual([path])
    expect(mount?.readOnly).toBe(true)
  })

  it('the ledger is on the claim, and can be written', () => {
    const { mount, volume } = volumeOf(environment['CLAUDE_USAGE_EXPORTER_STORAGE_PATH'])
    expect(volume?.persistentVolumeClaim?.claimName).toBe(claim.metadata?.name)
    expect(mount?.readOnly ?? false).toBe(false)
    expect(claim.spec?.accessModes).toEqual(['ReadWriteOnce'])
  })

  it('the key is a file of a Secret that may be missing, by the documented command', () => {
    const path = environment['ANTHROPIC_ADMIN_KEY_FILE']
    const { mount, volume } = volumeOf(path)
    expect(volume?.secret?.optional).toBe(true)
    expect(mount?.readOnly).toBe(true)
    const command = `kubectl create secret generic ${volume?.secret?.secretName} --from-file=${path?.split('/').pop()}=`
    expect(readKubernetesFile('deployment.yaml')).toContain(command)
    expect(readKubernetesFile('README.md')).toContain(command)
    // The group of the Pod may read it, nobody else.
    expect((volume?.secret?.defaultMode ?? 0).toString(8)).toBe('440')
  })

  it('the monitoring namespace is the only one let in', () => {
    expect(networkPolicy.spec?.policyTypes).toEqual(['Ingress'])
    expect(networkPolicy.spec?.ingress?.map(({ from }) => from)).toEqual([
      [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
    ])
  })
})

describe('one ledger, one writer', () => {
  it('never has two Pods, not even while it is replaced', () => {
    expect(deployment.spec?.replicas).toBe(1)
    expect(deployment.spec?.strategy).toEqual({ type: 'Recreate' })
  })

  it('gives the program more than its 10 seconds to end', () => {
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(10)
  })
})

describe('the image', () => {
  const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8')

  it('has the same user and the same folders', () => {
    const { runAsUser, runAsGroup } = pod.securityContext ?? {}
    expect(dockerfile).toMatch(new RegExp(`^USER ${runAsUser}:${runAsGroup}$`, 'm'))
    for (const name of ['HOME', 'CLAUDE_USAGE_EXPORTER_STORAGE_PATH'])
      expect(dockerfile).toMatch(new RegExp(`\\b${name}=${environment[name]}(\\s|$)`))
  })

  it('has the version of the program', () => {
    expect(container.image).toBe(`claude-usage-exporter:${VERSION}`)
    expect(readKubernetesFile('README.md')).toContain(`newTag: ${VERSION}`)
  })
})

describe('security', () => {
  it('runs without root, privileges, capabilities or a token of the cluster', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
    expect(pod.securityContext?.runAsUser).toBeGreaterThan(0)
    expect(pod.securityContext?.fsGroup).toBe(pod.securityContext?.runAsGroup)
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(pod.automountServiceAccountToken).toBe(false)
    expect([pod.hostNetwork, pod.hostPID, pod.hostIPC]).toEqual([undefined, undefined, undefined])
  })

  it('can write only to the ledger and to temporary files', () => {
    const writable = [...mounts.values()].filter(({ readOnly }) => readOnly !== true).map(({ name }) => name)
    expect(writable).toEqual(['ledger', 'temporary'])
  })

  it('has bounds', () => {
    expect(Object.keys(container.resources?.requests ?? {})).toEqual(['cpu', 'memory'])
    expect(container.resources?.limits).toHaveProperty('memory')
    expect(pod.volumes?.find(({ name }) => name === 'temporary')?.emptyDir?.sizeLimit).toBeDefined()
  })

  it('has no secret in its environment', () => {
    expect(Object.keys(environment)).not.toContain('ANTHROPIC_ADMIN_KEY')
    expect(container.envFrom).toBeUndefined()
  })
})

describe('labels', () => {
  it('of the cluster and of the metrics do not collide', () => {
    const own = [...definitions, ...Object.values(healthDefinitions)].flatMap(({ labels }) => labels)
    for (const taken of ['namespace', 'service', 'job', 'instance', 'pod', 'container', 'endpoint'])
      expect(own).not.toContain(taken)
  })

  it('the rules carry a label that a ruleSelector can ask for', () => {
    expect(parse(readKubernetesFile('prometheusrule.yaml')).metadata.labels).toHaveProperty('role', 'alert-rules')
  })
})
