// Writes the generated parts of the documentation; with --check, only tells whether they are up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { settingsReference } from '../src/config/reference.ts'
import { viewsMarkdown } from '../src/ledger/postgres/views/markdown.ts'
import { metricsReference } from '../src/metrics/reference.ts'
import './chart.ts'
import './dashboards.ts'
import './kubernetes.ts'
import './rules.ts'
import { scaleTable } from './scale.ts'

const isCheck = process.argv.includes('--check')
const scale = await scaleTable()
const files = new Map([
  ['prometheus/metrics.md', () => metricsReference()],
  ['prometheus/sql-views.md', () => viewsMarkdown()],
  ['README.md', (text: string) => withSection(text, 'settings', settingsReference())],
  ['prometheus/scale.md', (text: string) => withSection(text, 'series', scale)],
])

for (const [name, render] of files) {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url))
  const before = readOrEmpty(path)
  const after = render(before)
  if (after === before) continue
  if (isCheck) {
    console.error(`docs: ${name} is out of date; run "npm run docs" and commit the result`)
    process.exitCode = 1
  } else {
    writeFileSync(path, after)
    console.log(`docs: wrote ${name}`)
  }
}

/** Replaces what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
function withSection(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`]
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`the section "${name}" is missing`)
  return `${text.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${text.slice(to)}`
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
