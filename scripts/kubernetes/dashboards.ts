import { basename } from 'node:path'
import type { ConfigMap } from 'kubernetes-types/core/v1.js'
import { dashboardFiles } from '../../grafana/dashboards/index.ts'
import { LABELS } from './names.ts'

/** A ConfigMap for each dashboard, as the sidecar of Grafana's chart looks for them. */
export function dashboardConfigMaps(): readonly ConfigMap[] {
  return [...dashboardFiles()].map(([path, json]) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: basename(path, '.json'),
      labels: { ...LABELS, grafana_dashboard: '1' },
      annotations: { grafana_folder: 'Claude usage' },
    },
    data: { [basename(path)]: json },
  }))
}
