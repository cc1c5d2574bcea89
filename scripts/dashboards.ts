// Writes the dashboards of Grafana; with --check, only tells whether they are up to date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dashboardFiles } from '../grafana/dashboards/index.ts'

const isCheck = process.argv.includes('--check')

for (const [name, text] of dashboardFiles()) {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url))
  if (text === readOrEmpty(path)) continue
  if (isCheck) {
    console.error(`dashboards: ${name} is out of date; run "npm run docs" and commit the result`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(`dashboards: wrote ${name}`)
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
