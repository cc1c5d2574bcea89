// Writes the rule files of Prometheus; with --check, only tells whether they are up to date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ruleFiles } from '../src/alerts/rule-files.ts'

const isCheck = process.argv.includes('--check')

for (const [name, text] of ruleFiles()) {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url))
  if (text === readOrEmpty(path)) continue
  if (isCheck) {
    console.error(`rules: ${name} is out of date; run "npm run docs" and commit the result`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(`rules: wrote ${name}`)
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
