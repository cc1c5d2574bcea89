import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Command } from '../lib/child.ts'
import type { Lab, Tree } from '../lib/lab.ts'
import { WrongTotals } from '../lib/row.ts'
import type { ModelTruth } from '../tree/truth.ts'

const ENTRY = fileURLToPath(new URL('../scan-main.ts', import.meta.url))

/** The exporter's reader alone, bundled like the program itself, with a check of what it prints. */
export async function scan(lab: Lab, tree: Tree): Promise<{ command: Command; check(stdout: string): void }> {
  const outfile = join(await lab.newFolder('scan'), 'scan.mjs')
  await build({
    entryPoints: [ENTRY],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
    banner: {
      js: `import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);`,
    },
  })
  return {
    command: {
      program: process.execPath,
      args: [outfile],
      env: { HOME: await lab.newFolder('home'), CLAUDE_CONFIG_DIR: tree.folder },
    },
    check(stdout) {
      const seen = JSON.parse(stdout) as ModelTruth
      const wanted = tree.truth.total
      if (JSON.stringify(seen) === JSON.stringify(wanted)) return
      throw new WrongTotals(`The scan counted wrong: ${JSON.stringify(seen)} instead of ${JSON.stringify(wanted)}`)
    },
  }
}
