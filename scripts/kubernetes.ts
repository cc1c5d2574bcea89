// Writes the manifests for Kubernetes; with --check, only tells whether they are up to date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kubernetesFiles } from './kubernetes/files.ts'

const isCheck = process.argv.includes('--check')

for (const [name, text] of kubernetesFiles(readOrEmpty(pathOf('claude-usage-exporter.example.yml')))) {
  const path = pathOf(name)
  if (text === readOrEmpty(path)) continue
  if (isCheck) {
    console.error(`kubernetes: ${name} is out of date; run "npm run docs" and commit the result`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(`kubernetes: wrote ${name}`)
  }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url))
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
