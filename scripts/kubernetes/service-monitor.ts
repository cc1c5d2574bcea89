import { LABELS, NAME, PORT_NAME, SELECTOR } from './names.ts'
import type { Note } from './yaml.ts'

interface Relabeling {
  readonly action?: 'labeldrop'
  readonly sourceLabels?: readonly string[]
  readonly separator?: string
  readonly targetLabel?: string
  readonly regex?: string
}

/** What is used of the resource of the Prometheus operator. */
export interface ServiceMonitor {
  readonly apiVersion: 'monitoring.coreos.com/v1'
  readonly kind: 'ServiceMonitor'
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  readonly spec: {
    readonly jobLabel: string
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> }
    readonly endpoints: readonly {
      readonly port: string
      readonly interval: string
      readonly scrapeTimeout: string
      readonly relabelings: readonly Relabeling[]
    }[]
  }
}

/** Scrapes the Service as the job that the rest of the project speaks of. */
export function serviceMonitor(): ServiceMonitor {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      jobLabel: 'app.kubernetes.io/name',
      selector: { matchLabels: SELECTOR },
      endpoints: [
        {
          port: PORT_NAME,
          interval: '15s',
          scrapeTimeout: '10s',
          relabelings: [
            {
              sourceLabels: ['__meta_kubernetes_namespace', '__meta_kubernetes_service_name'],
              separator: '/',
              targetLabel: 'instance',
            },
            { action: 'labeldrop', regex: '(container|endpoint|pod)' },
          ],
        },
      ],
    },
  }
}

export const SERVICE_MONITOR_NOTES: readonly Note[] = [
  [['spec', 'jobLabel'], `The label of the Service that names the job: ${NAME}.`],
  [
    ['spec', 'endpoints', 0, 'relabelings'],
    'A name that outlives the Pod. With the name or address of a Pod every restart would make new series: an alert that\nfires would be another alert, and what happened meanwhile would be in no increase().',
  ],
]
