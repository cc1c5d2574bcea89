import { VERSION } from '../../src/lib/version.ts'

/** Of every object but the dashboards, and of the job in Prometheus. */
export const NAME = 'claude-usage-exporter'

/** Of the container; where your registry is, `images` in a kustomization of your own says. */
export const IMAGE = `${NAME}:${VERSION}`

/** What the Deployment, its Pods and the Service are found by. */
export const SELECTOR = { 'app.kubernetes.io/name': NAME }

/** Of every object. */
export const LABELS = { ...SELECTOR, 'app.kubernetes.io/part-of': 'claude-usage' }

/** Of the port, in the container as in the Service. */
export const PORT_NAME = 'metrics'
export const PORT = 10_061

/** The namespace that Prometheus is in; only from there the exporter may be asked. */
export const MONITORING_NAMESPACE = 'monitoring'

/** Of the Secret, which nobody generates, and the file it becomes. */
export const SECRET = { name: NAME, key: 'admin-key' }

/** Of the file in the ConfigMap. */
export const CONFIG_KEY = 'config.yml'

/** Folders in the container. */
export const FOLDERS = {
  config: '/etc/claude-usage-exporter',
  home: '/home/agent',
  ledger: '/var/lib/claude-usage-exporter',
  secret: '/run/secrets/claude-usage-exporter',
  temporary: '/tmp',
}

/** The user and the group in the container, and the group that the ledger's volume is given to. */
export const USER_ID = 1000
