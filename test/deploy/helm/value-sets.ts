import type { Values } from './chart.ts'

const POSTGRESQL: Values = {
  storage: { type: 'postgresql', postgresql: { existingSecret: 'claude-usage-db', passwordKey: 'password' } },
}

/** Everything that can be said, said. */
const EVERYTHING: Values = {
  image: {
    repository: 'registry.example.org/tools/exporter',
    digest: `sha256:${'ab'.repeat(32)}`,
    pullPolicy: 'Always',
  },
  imagePullSecrets: [{ name: 'pull' }],
  fullnameOverride: 'spending',
  labels: { 'cost-centre': '0815', answer: 'yes' },
  config: {
    time_zone: 'Europe/Berlin',
    projects: { aliases: { '/srv/<script>|`$(id)`': '{{ .Values.secret }}', yes: 'no' } },
    budgets: [{ name: 'all', limit_usd: 2000, basis: 'billed_cost', period: 'month' }],
  },
  sources: 'claude-code,pi',
  machineName: 'central.1',
  logs: [
    { name: 'claude-code', mountPath: '.claude/projects', subPath: '.claude/projects', existingClaim: 'agents-home' },
    { name: 'pi', mountPath: '.pi/agent/sessions', hostPath: '/srv/agents/pi' },
  ],
  storage: {
    type: 'postgresql',
    postgresql: {
      url: 'postgres://exporter@db.example.org:5432/usage',
      existingSecret: 'claude-usage-db',
      passwordKey: 'pass.word',
      schema: 'usage',
      poolSize: 8,
      tls: {
        mode: 'verify-full',
        existingSecret: 'claude-usage-db-tls',
        caKey: 'ca.crt',
        certKey: 'tls.crt',
        keyKey: 'tls.key',
      },
    },
  },
  adminKey: { existingSecret: 'claude-admin', key: 'key' },
  web: { existingSecret: 'claude-web', key: 'web.yml' },
  service: { type: 'LoadBalancer', port: 80, annotations: { 'example.org/internal': 'true' } },
  serviceMonitor: {
    labels: { release: 'kube-prometheus-stack' },
    interval: '30s',
    scrapeTimeout: '20s',
    dropLabels: 'container|endpoint|namespace|pod|service',
    endpoint: { scheme: 'https', basicAuth: { username: { name: 'claude-scrape', key: 'user' } } },
  },
  prometheusRule: { labels: { release: 'kube-prometheus-stack' }, grafanaUrl: 'https://grafana.example.org/team/' },
  dashboards: { labels: { grafana_dashboard: '1', team: 'data' }, annotations: { grafana_folder: 'AI' } },
  networkPolicy: {
    enabled: true,
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } } }],
    egress: [{ ports: [{ protocol: 'TCP', port: 5432 }] }],
  },
  serviceAccount: { name: 'usage', annotations: { 'example.org/role': 'none' } },
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
  podAnnotations: { 'example.org/note': 'yes' },
  podLabels: { tier: 'monitoring' },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'monitoring', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } } },
  priorityClassName: 'low',
  extraEnv: [
    { name: 'TZ', value: 'Europe/Berlin' },
    { name: 'ACME_ADMIN_KEY', valueFrom: { secretKeyRef: { name: 'acme', key: 'key' } } },
  ],
  extraVolumes: [{ name: 'more', emptyDir: {} }],
  extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
}

/** Values that people will give, by what they are for. */
export const valueSets = {
  'the defaults': {},
  PostgreSQL: POSTGRESQL,
  'SQLite on a claim that is there': {
    storage: { sqlite: { existingClaim: 'ledger' } },
    adminKey: { existingSecret: 'claude-admin' },
  },
  'SQLite on fast disks': { storage: { sqlite: { size: '20Gi', storageClass: 'fast', keep: false } } },
  'no operator, no Grafana': {
    serviceMonitor: { enabled: false },
    prometheusRule: { enabled: false },
    dashboards: { enabled: false },
    serviceAccount: { create: false },
    test: { enabled: false },
  },
  everything: EVERYTHING,
} as const satisfies Record<string, Values>
