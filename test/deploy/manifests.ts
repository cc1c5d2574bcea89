import { readdirSync, readFileSync } from 'node:fs'
import type { Deployment } from 'kubernetes-types/apps/v1.js'
import type { ConfigMap, PersistentVolumeClaim, Service } from 'kubernetes-types/core/v1.js'
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js'
import { parse } from 'yaml'
import type { ServiceMonitor } from '../../scripts/kubernetes/service-monitor.ts'

/** What every object has. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
}

/** Path of a file in the folder of manifests, or of the folder. */
function kubernetesPath(name = ''): string {
  return new URL(`../../prometheus/kubernetes/${name}`, import.meta.url).pathname
}

export function readKubernetesFile(name: string): string {
  return readFileSync(kubernetesPath(name), 'utf8')
}

/** Names of the files that are there. */
export const fileNames = readdirSync(kubernetesPath())
  .filter((name) => name.endsWith('.yaml'))
  .sort()

export const kustomization = parse(readKubernetesFile('kustomization.yaml')) as { readonly resources: string[] }

/** The objects that are shipped, by file. */
export const manifests: ReadonlyMap<string, Manifest> = new Map(
  fileNames
    .filter((name) => name !== 'kustomization.yaml')
    .map((name) => [name, parse(readKubernetesFile(name)) as Manifest]),
)

export const deployment = object<Deployment>('deployment.yaml')
export const service = object<Service>('service.yaml')
export const serviceMonitor = object<ServiceMonitor>('servicemonitor.yaml')
export const networkPolicy = object<NetworkPolicy>('networkpolicy.yaml')
export const claim = object<PersistentVolumeClaim>('persistentvolumeclaim.yaml')
export const configMap = object<ConfigMap>('configmap.yaml')
export const dashboards = [...manifests.keys()]
  .filter((name) => name.startsWith('dashboard-'))
  .map((name) => object<ConfigMap>(name))

/** The Pod of the Deployment and its only container. Throws where there is another number of them. */
export function podOf({ spec }: Deployment) {
  const pod = spec?.template.spec
  const [container, ...others] = pod?.containers ?? []
  if (pod === undefined || container === undefined || others.length > 0) throw new Error('not one container')
  return { pod, container, labels: spec?.template.metadata?.labels ?? {} }
}

/** The environment of the container. */
export function environmentOf(shipped: Deployment): Readonly<Record<string, string>> {
  return Object.fromEntries((podOf(shipped).container.env ?? []).map(({ name, value = '' }) => [name, value]))
}

/** The shipped text is trusted to be of its kind, which the tests of the files look at. */
function object<Kind>(file: string): Kind {
  return manifests.get(file) as Kind
}
