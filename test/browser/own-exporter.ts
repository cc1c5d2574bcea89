import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claudeLine } from '../support/claude-line.ts'
import { eventually, startExporter } from '../support/exporter.ts'

export interface OwnExporter {
  readonly url: string
  /** Logs one more response of this many output tokens, in this project. */
  use(output: number, project?: string, model?: string): void
  stop(): Promise<void>
}

/**
 * The built program on logs of its own, which hold one response of 1,000 output tokens. `isLoaded`: says whether it has
 * read them, where not everybody may ask.
 */
export async function startOwnExporter(
  flags: readonly string[] = [],
  isLoaded?: (url: string) => Promise<boolean>,
): Promise<OwnExporter> {
  const folder = mkdtempSync(join(tmpdir(), 'claude-usage-page-'))
  const logs = join(folder, 'home', '.claude', 'projects', '-src-shop')
  mkdirSync(logs, { recursive: true })
  let count = 0
  const use: OwnExporter['use'] = (output, project = 'shop', model = 'claude-opus-4-8') => {
    count += 1
    const line = { id: String(count), output, time: Date.now(), session: `s${count}`, cwd: `/src/${project}`, model }
    appendFileSync(join(logs, `s${count}.jsonl`), claudeLine(line))
  }
  use(1_000)
  const exporter = await startExporter({ home: join(folder, 'home'), storage: join(folder, 'ledger'), flags })
  await eventually(
    'the history',
    async () => {
      const isDone = isLoaded ? await isLoaded(exporter.url) : (await exporter.scrape()) !== null
      return isDone ? true : null
    },
    60_000,
  )
  return {
    url: exporter.url,
    use,
    async stop() {
      await exporter.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
