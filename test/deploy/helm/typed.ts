import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../compose-file.ts'
import type { Manifest } from '../manifests.ts'

const KINDS: Readonly<Record<string, string>> = {
  'apps/v1 Deployment': 'apps/v1',
  'apps/v1 StatefulSet': 'apps/v1',
  'networking.k8s.io/v1 NetworkPolicy': 'networking/v1',
  'v1 ConfigMap': 'core/v1',
  'v1 PersistentVolumeClaim': 'core/v1',
  'v1 Pod': 'core/v1',
  'v1 Service': 'core/v1',
  'v1 ServiceAccount': 'core/v1',
}

/** The two kinds of the Prometheus operator, as far as the chart and its users need them. */
const OPERATOR = `
interface Metadata { name: string; labels: Record<string, string> }
interface SecretKey { name: string; key: string }
interface ServiceMonitor {
  apiVersion: 'monitoring.coreos.com/v1'
  kind: 'ServiceMonitor'
  metadata: Metadata
  spec: {
    jobLabel: string
    selector: { matchLabels: Record<string, string> }
    endpoints: {
      port: string
      interval: string
      scrapeTimeout: string
      relabelings: { action?: 'labeldrop'; sourceLabels?: string[]; separator?: string; targetLabel?: string; regex?: string }[]
      scheme?: 'http' | 'https'
      basicAuth?: { username?: SecretKey; password?: SecretKey }
      tlsConfig?: { ca?: { secret: SecretKey }; serverName?: string }
    }[]
  }
}
type Rule = { expr: string } & (
  | { record: string }
  | { alert: string; for?: string; keep_firing_for?: string; labels: Record<string, string>; annotations: Record<string, string> }
)
interface PrometheusRule {
  apiVersion: 'monitoring.coreos.com/v1'
  kind: 'PrometheusRule'
  metadata: Metadata
  spec: { groups: { name: string; interval?: string; rules: Rule[] }[] }
}
`

/** What the compiler says of objects that are none of their kind; empty when all are. `folder` is written to. */
export async function typeErrors(objects: readonly Manifest[], folder: string): Promise<string> {
  const lines = objects.map((object, index) => {
    const { apiVersion, kind } = object
    const from = KINDS[`${apiVersion} ${kind}`]
    const type =
      from === undefined
        ? kind
        : `import(${JSON.stringify(join(ROOT, `node_modules/kubernetes-types/${from}.js`))}).${kind}`
    return `export const object${index}: ${type} = ${JSON.stringify(object)}`
  })
  const file = join(folder, 'objects.ts')
  writeFileSync(file, `${OPERATOR}\n${lines.join('\n')}\n`)
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext']
  try {
    await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...flags, file], {
      cwd: folder,
    })
    return ''
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout)
    throw error
  }
}
