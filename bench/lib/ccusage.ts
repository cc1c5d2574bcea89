import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sumTokens, type Tokens } from '../tree/truth.ts'
import { type Command, run } from './child.ts'

const MAJOR = '20'

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
    await install(folder, `ccusage@${MAJOR}`)
    await installBinary(folder)
    const program = join(folder, 'node_modules', '.bin', 'ccusage')
    const { stdout } = await run({ program, args: ['--version'], env: { HOME: folder } })
    return {
      version: stdout.trim().replace(/^\D*/, ''),
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

/**
 * The program is an optional dependency, one package per platform. npm leaves such a package out without a word when
 * the registry does not have the version asked for: then the newest it has is asked for by name.
 */
async function installBinary(folder: string): Promise<void> {
  const name = `@ccusage/ccusage-${process.platform}-${process.arch}`
  if (!existsSync(join(folder, 'node_modules', name))) await install(folder, `${name}@${MAJOR}`)
}

async function install(folder: string, name: string): Promise<void> {
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel', 'error', name]
  // All of the environment: proxies, certificates and the registry are set there.
  await run({ program: 'npm', args, env: process.env })
}
