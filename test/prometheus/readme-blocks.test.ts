import { execFile } from 'node:child_process'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { dashboardFiles } from '../../grafana/dashboards/index.ts'
import { loadFrom } from '../config/load-from.ts'
import { isInstalled } from '../support/binaries.ts'
import { tempFolder } from '../support/temp.ts'
import { prometheusFile, recordingRules } from './rule-files.ts'
import { documentedFiles } from './support/documented-files.ts'
import { blocksOf, yamlUnder } from './support/fenced-blocks.ts'
import { kindOf } from './support/kinds-of-yaml.ts'

const PAGES = ['prometheus/README.md', 'grafana/README.md', 'prometheus/kubernetes/README.md']
const README = 'prometheus/README.md'

const run = promisify(execFile)
const blocks = PAGES.flatMap(blocksOf)
const yaml = blocks.filter(({ language }) => language === 'yaml').map((block) => ({ ...block, kind: kindOf(block) }))
const of = (kind: string) => yaml.filter((block) => block.kind === kind)

describe('blocks', () => {
  it('say what language they are in, and are many', () => {
    for (const { language, text } of blocks) expect(['yaml', 'sh'], text).toContain(language)
    expect(yaml.length).toBeGreaterThan(12)
  })
})

describe.runIf(isInstalled('promtool') && isInstalled('openssl'))('promtool', () => {
  it.each(of('prometheus').filter(({ text }) => !text.includes('kubernetes_sd')))(
    'accepts "$heading" of $page',
    async ({ text }) => {
      const folder = tempFolder()
      const file = join(folder, 'prometheus.yml')
      const placed = documentedFiles(folder).placed(text)
      for (const [, name = ''] of placed.matchAll(/_file: (\S+)/g)) expect(existsSync(name), name).toBe(true)
      writeFileSync(file, placed)
      const { stdout } = await run('promtool', ['check', 'config', file])
      expect(stdout).toContain('SUCCESS')
      if (text.includes('rule_files')) expect(stdout).toContain('SUCCESS: 2 rule files found')
    },
  )

  it('finds the machines by their names', async () => {
    const folder = tempFolder()
    const file = join(folder, 'prometheus.yml')
    writeFileSync(file, documentedFiles(folder).placed(yamlUnder(README, 'Several machines', /scrape_configs/)))
    const flags = ['check', 'service-discovery', '--timeout=2s', file, 'claude-usage-exporter']
    const { stdout } = await run('promtool', flags)
    const targets = (JSON.parse(stdout) as { labels: Record<string, string> }[]).map(({ labels }) => labels)
    expect(targets.map(({ job, instance, team }) => [instance, team, job].join(' ')).sort()).toEqual([
      'build-7.example.org platform claude-usage-exporter',
      'build-8.example.org platform claude-usage-exporter',
      'workstation-3.example.org research claude-usage-exporter',
    ])
  })

  // Debian's Prometheus is built without Kubernetes, so that what it would find is given to it.
  it('finds the exporter in Kubernetes, by a name that outlives the Pod', async () => {
    const documented = yamlUnder('prometheus/kubernetes/README.md', 'Prometheus without the operator')
    const [{ kubernetes_sd_configs: discovery, ...job } = {}] = parse(documented).scrape_configs
    expect(discovery).toEqual([{ role: 'endpoints', namespaces: { names: ['claude-usage'] } }])
    const found = (service: string, port: string) => ({
      targets: ['10.1.2.3:10061'],
      labels: {
        __meta_kubernetes_namespace: 'claude-usage',
        __meta_kubernetes_service_name: service,
        __meta_kubernetes_endpoint_port_name: port,
      },
    })
    const static_configs = [found('claude-usage-exporter', 'metrics'), found('another', 'metrics')]
    const file = join(tempFolder(), 'prometheus.yml')
    writeFileSync(file, stringify({ scrape_configs: [{ ...job, static_configs }] }))
    const { stdout } = await run('promtool', ['check', 'service-discovery', '--timeout=1s', file, job.job_name])
    const targets = (JSON.parse(stdout) as { labels?: Record<string, string> }[]).flatMap(({ labels = {} }) =>
      labels['instance'] === undefined ? [] : [[labels['job'], labels['instance']]],
    )
    expect(targets).toEqual([['claude-usage-exporter', 'claude-usage/claude-usage-exporter']])
  })
})

describe.runIf(isInstalled('amtool'))('amtool', () => {
  it.each(of('alertmanager'))('accepts "$heading"', async ({ text }) => {
    const { stdout } = await run('amtool', ['check-config', wholeConfig(text)])
    expect(stdout).toContain('SUCCESS')
  })

  it.each([
    { labels: ['alertname=ClaudeBudgetExceeded', 'severity=critical'], receiver: 'spending' },
    { labels: ['alertname=ClaudeRunawaySession', 'severity=critical'], receiver: 'on-call' },
    { labels: ['alertname=ClaudeDataStale', 'severity=warning'], receiver: 'spending' },
    { labels: ['alertname=SomebodyElses', 'severity=critical'], receiver: 'default' },
  ])('sends $labels to $receiver', async ({ labels, receiver }) => {
    const config = `--config.file=${wholeConfig(yamlUnder(README, 'An Alertmanager of your own'))}`
    const { stdout } = await run('amtool', ['config', 'routes', 'test', config, ...labels])
    expect(stdout.trim()).toBe(receiver)
  })

  it('takes the inhibition rules as they are shipped', async () => {
    const shipped = parse(readFileSync(prometheusFile('alertmanager.yml'), 'utf8')) as { inhibit_rules: Inhibition[] }
    const own = parse(yamlUnder(README, 'An Alertmanager of your own')) as object
    const file = wholeConfig(stringify({ ...own, inhibit_rules: shipped.inhibit_rules }))
    expect((await run('amtool', ['check-config', file])).stdout).toMatch(
      new RegExp(`- ${shipped.inhibit_rules.length} inhibit rules`),
    )
    const [first, ...others] = shipped.inhibit_rules
    expect(first?.equal).toEqual(expect.arrayContaining(['alertname', 'budget', 'job', 'instance']))
    for (const rule of others) expect(rule.target_matchers.join()).toMatch(/^alertname =~? "?Claude/)
  })
})

describe('the exporter', () => {
  it.each(of('exporter'))('accepts "$heading"', async ({ text }) => {
    const { config } = await loadFrom({ yaml: text })
    expect(config.web.allowedHosts).toEqual(['usage.example.org'])
  })
})

describe('Grafana', () => {
  const shipped = (kind: string): object[] =>
    Object.values(parse(readFileSync(new URL(`../../grafana/provisioning/${kind}`, import.meta.url), 'utf8')))

  it.each([
    { name: 'data source', list: 'datasources', file: 'datasources' },
    { name: 'dashboard provider', list: 'providers', file: 'dashboards' },
  ])('knows every key of the $name', ({ list, file }) => {
    const block = of('grafana').find(({ text }) => text.includes(`\n${list}:`))
    const entry = (parse(block?.text ?? '') as Record<string, object[]>)[list]?.[0] ?? {}
    const known = shipped(`${file}/${file === 'datasources' ? 'prometheus' : 'claude-usage'}.yml`).flat()
    expect(keysOf(known)).toEqual(expect.arrayContaining(keysOf([entry])))
    expect(keysOf([entry]).length).toBeGreaterThan(3)
  })
})

it('the documented command changes the address of every link in the alerts', async () => {
  const folder = tempFolder()
  const command = blocksOf(README).find(({ language, text }) => language === 'sh' && text.startsWith('sed -i'))
  cpSync(prometheusFile('rules/alerts.yml'), join(folder, 'alerts.yml'))
  const links = () =>
    readFileSync(join(folder, 'alerts.yml'), 'utf8')
      .match(/(?<=_url: )https?:\/\/[^/]+/g)
      ?.sort() ?? []
  const before = links()
  await run('sh', ['-e', '-c', command?.text ?? 'exit 1'], { cwd: folder })
  expect(new Set(links())).toEqual(new Set(['https://grafana.example.org', 'https://wiki.example.org']))
  expect(links()).toHaveLength(before.length)
})

describe('recording rules over the past', () => {
  it('need two passes, no more', () => {
    const names = recordingRules.map(({ record = '' }) => record)
    const depthOf = (record: string): number => {
      const { expr = '' } = recordingRules.find((rule) => rule.record === record) ?? {}
      return 1 + Math.max(0, ...names.filter((name) => expr.includes(name)).map(depthOf))
    }
    expect(Math.max(...names.map(depthOf))).toBe(2)
  })

  it('are not what dashboards are made of', () => {
    const names = recordingRules.map(({ record = '' }) => record)
    for (const [path, json] of dashboardFiles())
      expect(
        names.filter((name) => json.includes(name)),
        path,
      ).toEqual([])
  })
})

interface Inhibition {
  readonly target_matchers: readonly string[]
  readonly equal: readonly string[]
}

/** A file with the block, and around a part of a configuration what makes it whole. */
function wholeConfig(text: string): string {
  const content = parse(text) as { route?: object; routes?: { receiver: string }[] }
  const file = join(tempFolder(), 'alertmanager.yml')
  const { routes } = content
  const whole =
    routes === undefined
      ? content
      : {
          route: { receiver: 'default', routes },
          receivers: ['default', ...routes.map(({ receiver }) => receiver)].map((name) => ({ name })),
        }
  writeFileSync(file, stringify(whole))
  return file
}

/** Keys of objects and of what is in them. */
function keysOf(objects: readonly object[]): string[] {
  return objects.flatMap((object) =>
    Object.entries(object).flatMap(([key, value]) => [
      key,
      ...(value !== null && typeof value === 'object' ? keysOf([value]).map((inner) => `${key}.${inner}`) : []),
    ]),
  )
}
