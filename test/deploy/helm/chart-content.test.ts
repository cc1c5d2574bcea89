import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { dashboardFiles } from '../../../grafana/dashboards/index.ts'
import { blocksOf } from '../../prometheus/support/fenced-blocks.ts'
import { isInstalled } from '../../support/binaries.ts'
import { tempFolder } from '../../support/temp.ts'
import { readRepositoryFile } from '../compose-file.ts'
import { objectsOf, type Values, valueProblems } from './chart.ts'
import { valueSets } from './value-sets.ts'

const run = promisify(execFile)
const RELEASE = { name: 'claude-usage-exporter', namespace: 'spending' }

interface Rules {
  readonly spec: { readonly groups: readonly { readonly rules: readonly object[] }[] }
}

function rulesOf(values: Values): Rules {
  const [found] = objectsOf(values, RELEASE).filter(({ kind }) => kind === 'PrometheusRule')
  return Object(found)
}

describe('rules', () => {
  it('are those of prometheus/rules', () => {
    const groups = ['recording.yml', 'alerts.yml'].flatMap(
      (name) => parse(readRepositoryFile(`prometheus/rules/${name}`)).groups,
    )
    expect(rulesOf({}).spec.groups).toEqual(groups)
  })

  it('lead to the Grafana that is named', () => {
    const text = JSON.stringify(rulesOf(valueSets.everything))
    expect(text).toContain('"https://grafana.example.org/team/d/')
    expect(text).not.toContain('localhost')
  })

  it.runIf(isInstalled('promtool'))('are taken by promtool', async () => {
    for (const values of [{}, valueSets.everything]) {
      const { spec } = rulesOf(values)
      const file = join(tempFolder(), 'rules.yml')
      writeFileSync(file, stringify(spec))
      const { stdout } = await run('promtool', ['check', 'rules', file])
      const count = spec.groups.reduce((sum, { rules }) => sum + rules.length, 0)
      expect(stdout).toContain(`SUCCESS: ${count} rules found`)
      expect(count).toBeGreaterThan(50)
    }
  })
})

describe('dashboards', () => {
  it('are the generated ones, byte by byte, one in each ConfigMap', () => {
    const maps = objectsOf({}, RELEASE).filter(({ metadata }) => metadata.labels['grafana_dashboard'] === '1')
    const shipped = maps.flatMap((map): [string, unknown][] => Object.entries(Object(Reflect.get(map, 'data'))))
    const generated = [...dashboardFiles()].map(([path, json]): [string, string] => [path.split('/').pop() ?? '', json])
    expect(shipped.map(([name]) => name).sort()).toEqual(generated.map(([name]) => name).sort())
    for (const [name, json] of generated) expect(new Map(shipped).get(name) === json, name).toBe(true)
    expect(maps).toHaveLength(generated.length)
  })
})

describe('the configuration', () => {
  it.each(Object.entries(valueSets))(
    'with %s is accepted by the program, with its environment',
    async (_, values: Values) => {
      const root = tempFolder()
      const objects = objectsOf(values, RELEASE)
      const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && !metadata.labels['grafana_dashboard'])
      const file = join(root, 'config.yml')
      const text: string = Object(Reflect.get(Object(map), 'data'))['config.yml']
      expect(parse(text)).toEqual(values['config'] ?? {})
      writeFileSync(file, text)
      const { stdout } = await run(process.execPath, ['dist/main.js', 'check-config'], {
        env: {
          PATH: process.env['PATH'],
          TZ: 'UTC',
          ...environmentBelow(root, objects),
          CLAUDE_USAGE_EXPORTER_CONFIG_FILE: file,
        },
      })
      expect(stdout).toContain(file)
    },
  )
})

describe('the page', () => {
  const PAGE = 'prometheus/kubernetes/chart/README.md'

  it.each(blocksOf(PAGE).filter(({ language }) => language === 'yaml'))(
    'has values that are taken: $heading',
    ({ text }) => {
      const values: Values = parse(text)
      expect(valueProblems(values)).toEqual([])
      expect(objectsOf(values, RELEASE).length).toBeGreaterThan(0)
    },
  )
})

/**
 * The environment of the container with its files, empty ones, below a folder. Where a web configuration file is to
 * protect the port, an empty one does not, and the port is that of this machine.
 */
function environmentBelow(root: string, objects: readonly object[]): Record<string, string> {
  const workload = objects.find((object) => /^(StatefulSet|Deployment)$/.test(Reflect.get(object, 'kind')))
  const env: readonly { name: string; value?: string }[] = Object(workload).spec.template.spec.containers[0].env
  const isProtected = env.some(({ name }) => name === 'CLAUDE_USAGE_EXPORTER_WEB_CONFIG_FILE')
  return Object.fromEntries(
    env.map(({ name, value }) => {
      if (value === undefined)
        return [name, name.endsWith('_URL') ? 'postgres://exporter@db.example.org/usage' : 'given']
      if (!value.startsWith('/')) return [name, isProtected && value === ':10061' ? '127.0.0.1:10061' : value]
      const path = join(root, value)
      if (name.endsWith('_FILE')) {
        mkdirSync(join(path, '..'), { recursive: true })
        writeFileSync(path, '')
      }
      return [name, path]
    }),
  )
}
