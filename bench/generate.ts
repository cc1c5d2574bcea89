import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { OperatorError } from '../src/core/errors.ts'
import { parseByteSize } from '../src/lib/byte-size.ts'
import { generateTree } from './tree/tree.ts'

const USAGE = `Writes made-up Claude Code transcripts below DIR/projects, and DIR/truth.json with the right totals.

  npx tsx bench/generate.ts --dir DIR [--size 1GB] [--files 3000] [--projects 20] [--seed 1] [--now 2026-01-01]
  npx tsx bench/generate.ts --dir DIR --responses 1000000 --files 10000
`

const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    size: { type: 'string', default: '1GB' },
    responses: { type: 'string' },
    files: { type: 'string', default: '3000' },
    projects: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    now: { type: 'string', default: '2026-01-01' },
  },
})

if (values.dir === undefined) {
  console.error(USAGE)
  process.exitCode = 2
} else {
  mkdirSync(values.dir, { recursive: true })
  const started = performance.now()
  const truth = generateTree({
    directory: resolve(values.dir),
    seed: Number(values.seed),
    files: Number(values.files),
    bytes: values.responses === undefined ? sizeOf(values.size) : null,
    responses: values.responses === undefined ? null : Number(values.responses),
    projects: Number(values.projects),
    nowMs: Date.parse(values.now),
    isCompact: values.responses !== undefined,
  })
  console.log(JSON.stringify({ ...truth, seconds: (performance.now() - started) / 1000 }, null, 2))
}

function sizeOf(text: string): number {
  const bytes = parseByteSize(text)
  if (bytes === null) throw new OperatorError('The size is not a number of bytes', { seen: text, fix: 'Try 1GB.' })
  return bytes
}
