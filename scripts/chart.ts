// Writes what the Helm chart repeats; with --check, only tells whether that is up to date.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chartFiles } from './kubernetes/chart.ts'

const isCheck = process.argv.includes('--check')
const files = new Map(
  [...chartFiles()].map(([name, text]) => [fileURLToPath(new URL(`../${name}`, import.meta.url)), text]),
)

for (const [path, text] of files) {
  if (text !== readOrEmpty(path)) change(path, () => write(path, text))
}
// A dashboard that is gone would stay in the chart.
for (const folder of new Set([...files.keys()].map(dirname))) {
  for (const entry of entriesOf(folder)) {
    if (entry.isFile() && !files.has(join(folder, entry.name)))
      change(join(folder, entry.name), () => rmSync(join(folder, entry.name)))
  }
}

function change(path: string, act: () => void): void {
  const name = basename(path)
  if (isCheck) {
    console.error(`chart: ${name} is out of date; run "npm run docs" and commit the result`)
    process.exitCode = 1
  } else {
    act()
    console.log(`chart: changed ${name}`)
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
