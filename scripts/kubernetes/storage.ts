import type { ConfigMap, PersistentVolumeClaim } from 'kubernetes-types/core/v1.js'
import { CONFIG_KEY, LABELS, NAME } from './names.ts'

/** Where the ledger lives longer than any Pod. */
export function ledgerClaim(): PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: NAME, labels: LABELS },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
  }
}

/** The configuration file. */
export function configMap(text: string): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NAME, labels: LABELS },
    data: { [CONFIG_KEY]: text },
  }
}
