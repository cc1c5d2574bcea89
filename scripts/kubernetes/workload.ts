import type { Deployment } from 'kubernetes-types/apps/v1.js'
import type { Container, PodSpec, Probe, Volume, VolumeMount } from 'kubernetes-types/core/v1.js'
import { CONFIG_KEY, FOLDERS, IMAGE, LABELS, NAME, PORT, PORT_NAME, SECRET, SELECTOR, USER_ID } from './names.ts'
import type { Note } from './yaml.ts'

/** One Pod with the exporter. */
export function deployment(): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      revisionHistoryLimit: 3,
      selector: { matchLabels: SELECTOR },
      template: { metadata: { labels: LABELS }, spec: pod() },
    },
  }
}

/** Why it is as it is, where that does not show. */
export const DEPLOYMENT_NOTES: readonly Note[] = [
  [['spec', 'replicas'], 'Never more: two exporters must not write one ledger.'],
  [['spec', 'strategy'], 'For the same reason the old Pod ends before the new one starts.'],
  [['spec', 'template', 'spec', 'automountServiceAccountToken'], 'It never asks the API of Kubernetes.'],
  [['spec', 'template', 'spec', 'terminationGracePeriodSeconds'], 'It ends by itself within 10 seconds.'],
  [
    ['spec', 'template', 'spec', 'containers', 0, 'resources', 'limits'],
    'No limit on CPU: reading the history at the start is quick where it may be.',
  ],
  [
    ['spec', 'template', 'spec', 'containers', 0, 'startupProbe'],
    'Ten minutes: opening a large ledger may take a while. The first load goes on after it, while metrics are served.',
  ],
]

function pod(): PodSpec {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER_ID,
      runAsGroup: USER_ID,
      fsGroup: USER_ID,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [exporter()],
    volumes: VOLUMES.map(({ volume }) => volume),
  }
}

function exporter(): Container {
  return {
    name: NAME,
    image: IMAGE,
    imagePullPolicy: 'IfNotPresent',
    env: [
      { name: 'HOME', value: FOLDERS.home },
      { name: 'ANTHROPIC_ADMIN_KEY_FILE', value: `${FOLDERS.secret}/${SECRET.key}` },
      { name: 'CLAUDE_USAGE_EXPORTER_CONFIG_FILE', value: `${FOLDERS.config}/${CONFIG_KEY}` },
      { name: 'CLAUDE_USAGE_EXPORTER_STORAGE_PATH', value: FOLDERS.ledger },
      { name: 'CLAUDE_USAGE_EXPORTER_WEB_LISTEN_ADDRESS', value: `:${PORT}` },
      { name: 'CLAUDE_USAGE_EXPORTER_WEB_ALLOW_UNPROTECTED', value: 'true' },
    ],
    ports: [{ name: PORT_NAME, containerPort: PORT }],
    startupProbe: probe('/-/ready', { periodSeconds: 5, failureThreshold: 120 }),
    readinessProbe: probe('/-/ready', { periodSeconds: 10, failureThreshold: 3 }),
    livenessProbe: probe('/-/healthy', { periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 4 }),
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: VOLUMES.map(({ volume, mount }) => ({ name: volume.name, ...mount })),
  }
}

function probe(path: string, times: Omit<Probe, 'httpGet'>): Probe {
  return { httpGet: { path, port: PORT_NAME }, ...times }
}

const VOLUMES: readonly { readonly volume: Volume; readonly mount: Omit<VolumeMount, 'name'> }[] = [
  {
    volume: { name: 'ledger', persistentVolumeClaim: { claimName: NAME } },
    mount: { mountPath: FOLDERS.ledger },
  },
  {
    volume: { name: 'config', configMap: { name: NAME } },
    mount: { mountPath: FOLDERS.config, readOnly: true },
  },
  {
    // Optional, so that the Pod starts without; a key that comes later is found without a restart.
    volume: { name: 'admin-key', secret: { secretName: SECRET.name, optional: true, defaultMode: 0o440 } },
    mount: { mountPath: FOLDERS.secret, readOnly: true },
  },
  {
    volume: { name: 'temporary', emptyDir: { sizeLimit: '256Mi' } },
    mount: { mountPath: FOLDERS.temporary },
  },
]
