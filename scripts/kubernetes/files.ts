import { dashboardConfigMaps } from './dashboards.ts'
import { MONITORING_NAMESPACE, NAME, SECRET } from './names.ts'
import { networkPolicy, service } from './network.ts'
import { SERVICE_MONITOR_NOTES, serviceMonitor } from './service-monitor.ts'
import { starterConfig } from './starter-config.ts'
import { configMap, ledgerClaim } from './storage.ts'
import { DEPLOYMENT_NOTES, deployment } from './workload.ts'
import { toYaml } from './yaml.ts'

const FOLDER = 'prometheus/kubernetes'
/** Written with the other rule files (src/alerts), which is why it is not written here. */
const RULES = 'prometheusrule.yaml'

/**
 * The manifests by their path in the repository, all but the rules. Objects have no namespace: that is for whoever
 * applies them to choose. Takes the text of the example configuration.
 */
export function kubernetesFiles(example: string): ReadonlyMap<string, string> {
  const manifests = new Map([
    [
      'configmap.yaml',
      toYaml(configMap(starterConfig(example)), `After a change: kubectl rollout restart deployment/${NAME}`),
    ],
    [
      'persistentvolumeclaim.yaml',
      toYaml(ledgerClaim(), 'The ledger. The storage class must be a disk: SQLite is not safe on NFS and the like.'),
    ],
    [
      'deployment.yaml',
      toYaml(
        deployment(),
        `The key comes from a Secret that you make yourself, and may be missing:\nkubectl create secret generic ${SECRET.name} --from-file=${SECRET.key}=FILE`,
        DEPLOYMENT_NOTES,
      ),
    ],
    ['service.yaml', toYaml(service(), 'One address for whoever asks.')],
    ['servicemonitor.yaml', toYaml(serviceMonitor(), 'For the Prometheus operator.', SERVICE_MONITOR_NOTES)],
    [
      'networkpolicy.yaml',
      toYaml(
        networkPolicy(),
        `Only the namespace "${MONITORING_NAMESPACE}" may ask. Change it where Prometheus is elsewhere.`,
      ),
    ],
    ...dashboardConfigMaps().map((dashboard): [string, string] => [
      `dashboard-${dashboard.metadata?.name}.yaml`,
      toYaml(dashboard, 'For the dashboard sidecar of Grafana.'),
    ]),
  ])
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [...manifests.keys(), RULES].sort(),
  }
  manifests.set('kustomization.yaml', toYaml(kustomization, 'kubectl apply -n YOUR-NAMESPACE -k prometheus/kubernetes'))
  return new Map([...manifests].map(([name, text]) => [`${FOLDER}/${name}`, text]))
}
