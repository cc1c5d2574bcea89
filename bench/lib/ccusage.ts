import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sumTokens, type Tokens } from '../tree/truth.ts'
import { type Command, run } from './child.ts'

const PACKAGE = 'ccusage@20'

export interface Ccusage {
  readonly version: string
  /** The report that reads everything there is. */
  command(configFolder: string, home: string): Command
}

/**
 * Fetches the peer from npm into a folder of its own. Null when that is not possible, for example without a network.
 */
export async function installCcusage(folder: string): Promise<Ccusage | null> {
  try {
    await mkdir(folder, { recursive: true })
    await install(folder, PACKAGE)
    const manifest = await readManifest(join(folder, 'node_modules', 'ccusage'))
    await installBinary(folder, manifest)
    const program = join(folder, 'node_modules', '.bin', 'ccusage')
    return {
      version: manifest.version,
      command: (configFolder, home) => ({
        program,
        args: ['daily', '--json', '--offline'],
        env: { HOME: home, CLAUDE_CONFIG_DIR: configFolder },
      }),
    }
  } catch (error) {
    console.error(`ccusage could not be installed: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}

/** How far its totals are from the truth, in words. */
export function describeTotals(stdout: string, truth: Tokens): string {
  const { totals } = JSON.parse(stdout) as { totals: Record<string, number> }
  const right = {
    inputTokens: truth.input,
    cacheCreationTokens: truth.cacheWrite5m + truth.cacheWrite1h,
    cacheReadTokens: truth.cacheRead,
    outputTokens: truth.output,
    totalTokens: sumTokens(truth),
  }
  const parts = Object.entries(right).map(([name, value]) => {
    const percent = (((totals[name] ?? 0) - value) / value) * 100
    return `${name} ${percent >= 0 ? '+' : ''}${percent.toFixed(2)} %`
  })
  return `its totals against the truth: ${parts.join(', ')}`
}

interface Manifest {
  readonly version: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** npm leaves out optional dependencies without a word when it cannot place them: ask for the platform's by name. */
async function installBinary(folder: string, manifest: Manifest): Promise<void> {
  const name = `@ccusage/ccusage-${process.platform}-${process.arch}`
  const version = manifest.optionalDependencies?.[name]
  if (version === undefined) return
  const isThere = await readManifest(join(folder, 'node_modules', name)).then(
    () => true,
    () => false,
  )
  if (!isThere) await install(folder, `${name}@${version}`)
}

async function install(folder: string, name: string): Promise<void> {
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel', 'error', name]
  // All of the environment: proxies, certificates and the registry are set there.
  await run({ program: 'npm', args, env: process.env })
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
}
