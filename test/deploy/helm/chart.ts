import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, parseAllDocuments } from 'yaml'
import * as z from 'zod'
import type { Manifest } from '../manifests.ts'
import { evaluate, type Functions } from './evaluate.ts'
import { FUNCTIONS, type Value } from './functions.ts'
import { type Node, parseTemplate } from './parse.ts'

export type Values = Readonly<Record<string, Value>>

const CHART = fileURLToPath(new URL('../../../prometheus/kubernetes/chart', import.meta.url))
const NOTES = 'templates/NOTES.txt'

export function readChartFile(name: string): string {
  return readFileSync(join(CHART, name), 'utf8')
}

/** Paths within the chart, of what is in a folder of it. */
export function chartPaths(folder: string): readonly string[] {
  return readdirSync(join(CHART, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(CHART, join(entry.parentPath, entry.name)))
    .sort()
}

export const chartYaml = parse(readChartFile('Chart.yaml')) as Readonly<Record<string, string>>
export const defaultValues = parse(readChartFile('values.yaml')) as Values

const schema = z.fromJSONSchema(JSON.parse(readChartFile('values.schema.json')))

/** What the schema of the values has against them; none: they are taken. */
export function valueProblems(values: Values): readonly string[] {
  const { error } = schema.safeParse(merged(defaultValues, values))
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

export interface Release {
  readonly name: string
  readonly namespace: string
}

/** What `helm template` writes: text by template. Throws where a template fails. */
export function rendered(values: Values, release: Release): ReadonlyMap<string, string> {
  const templates = chartPaths('templates').map((path) => [path, parseTemplate(readChartFile(path), path)] as const)
  const named = new Map<string, readonly Node[]>(
    templates.flatMap(([, nodes]) =>
      nodes.flatMap((node) =>
        node.kind === 'block' && node.word === 'define' ? [[nameOf(node), node.body] as const] : [],
      ),
    ),
  )
  const functions: Functions = {
    ...FUNCTIONS,
    include: (name = null, data = null) => {
      const body = named.get(String(name))
      if (body === undefined) throw new Error(`no template ${name}`)
      return evaluate(body, data, functions)
    },
  }
  const data: Value = {
    Values: merged(defaultValues, values),
    Chart: Object.fromEntries(
      Object.entries(chartYaml).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]),
    ),
    Release: { Name: release.name, Namespace: release.namespace, Service: 'Helm' },
    Files: filesOf(new Map(chartPaths('files').map((path) => [path, readChartFile(path)]))),
  }
  return new Map(
    templates
      .filter(([path]) => !path.endsWith('.tpl'))
      .map(([path, nodes]) => [path, evaluate(nodes, data, functions)] as const),
  )
}

/** The objects of a release, without its notes. */
export function objectsOf(values: Values, release: Release): readonly Manifest[] {
  return [...rendered(values, release)]
    .filter(([path]) => path !== NOTES)
    .flatMap(([, text]) => parseAllDocuments(text, { version: '1.1' }))
    .flatMap((document) => {
      if (document.errors.length > 0) throw document.errors[0]
      const object: unknown = document.toJS()
      return object === null ? [] : [object as Manifest]
    })
}

function filesOf(texts: ReadonlyMap<string, string>): Value {
  return {
    Get: (path = null) => texts.get(String(path)) ?? '',
    // Only whole names with one star are asked for.
    Glob: (pattern = null) => {
      const [before = '', after = ''] = String(pattern).split('*')
      return Object.fromEntries([...texts].filter(([path]) => path.startsWith(before) && path.endsWith(after)))
    },
  }
}

/** As Helm does it: maps are merged, everything else is replaced, and null takes a default away. */
function merged(base: Values, over: Values): Values {
  const result: Record<string, Value> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const before = result[key]
    if (value === null) delete result[key]
    else result[key] = isMap(before) && isMap(value) ? merged(before, value) : value
  }
  return result
}

function isMap(value: Value | undefined): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf({ pipe }: Extract<Node, { kind: 'block' }>): string {
  const operand = pipe[0]?.[0]
  if (operand?.kind !== 'value') throw new Error('a template without a name')
  return String(operand.value)
}
