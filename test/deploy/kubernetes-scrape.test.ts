import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { isInstalled } from '../support/binaries.ts'
import { tempFolder } from '../support/temp.ts'
import { serviceMonitor } from './manifests.ts'

const run = promisify(execFile)
const [endpoint] = serviceMonitor.spec.endpoints

/** The labels that each of these Pods is scraped with, by what the operator makes of the ServiceMonitor. */
async function labelsOf(pods: readonly string[]) {
  const file = join(tempFolder(), 'prometheus.yml')
  const operator = [
    { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
    { source_labels: ['__meta_kubernetes_service_name'], target_label: 'service' },
    { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
    { source_labels: ['__meta_kubernetes_pod_container_name'], target_label: 'container' },
    { source_labels: ['__meta_kubernetes_service_label_app_kubernetes_io_name'], target_label: 'job' },
    { target_label: 'endpoint', replacement: endpoint?.port },
  ]
  const own = (endpoint?.relabelings ?? []).map(({ sourceLabels, targetLabel, ...others }) => ({
    ...others,
    ...(sourceLabels && { source_labels: sourceLabels }),
    ...(targetLabel && { target_label: targetLabel }),
  }))
  const job = {
    job_name: 'serviceMonitor/claude/claude-usage-exporter/0',
    scrape_interval: endpoint?.interval,
    scrape_timeout: endpoint?.scrapeTimeout,
    relabel_configs: [...operator, ...own],
    static_configs: pods.map((pod, index) => ({
      targets: [`10.1.2.${index}:10061`],
      labels: {
        __meta_kubernetes_namespace: 'spending',
        __meta_kubernetes_service_name: 'claude-usage-exporter',
        __meta_kubernetes_pod_name: pod,
        __meta_kubernetes_pod_container_name: 'claude-usage-exporter',
        __meta_kubernetes_service_label_app_kubernetes_io_name: 'claude-usage-exporter',
      },
    })),
  }
  writeFileSync(file, stringify({ scrape_configs: [job] }))
  // It looks for as long as that, however soon it has found them.
  const { stdout } = await run('promtool', ['check', 'service-discovery', '--timeout=1s', file, job.job_name])
  const targets = JSON.parse(stdout) as { labels?: Record<string, string> }[]
  return targets.map(({ labels = {} }) =>
    Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith('__'))),
  )
}

describe.runIf(isInstalled('promtool'))('scraped by the ServiceMonitor', () => {
  it('is the job and an instance that says where it is, before and after a restart', async () => {
    const labels = {
      job: 'claude-usage-exporter',
      instance: 'spending/claude-usage-exporter',
      namespace: 'spending',
      service: 'claude-usage-exporter',
    }
    expect(await labelsOf(['claude-usage-exporter-abc', 'claude-usage-exporter-xyz'])).toEqual([labels, labels])
  })
})
