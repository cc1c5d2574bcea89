import type { Service } from 'kubernetes-types/core/v1.js'
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js'
import { LABELS, MONITORING_NAMESPACE, NAME, PORT, PORT_NAME, SELECTOR } from './names.ts'

export function service(): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      type: 'ClusterIP',
      selector: SELECTOR,
      ports: [{ name: PORT_NAME, port: PORT, targetPort: PORT_NAME }],
    },
  }
}

/** Lets nobody in but the namespace that Prometheus is in. What the exporter itself may reach is left open. */
export function networkPolicy(): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      podSelector: { matchLabels: SELECTOR },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': MONITORING_NAMESPACE } } }],
          ports: [{ protocol: 'TCP', port: PORT_NAME }],
        },
      ],
    },
  }
}
