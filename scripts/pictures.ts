// Draws the dashboards of README from the demo: npx tsx scripts/pictures.ts PREVIEW [DAYS]
// PREVIEW is a program that takes `--prometheus URL --from TIME --var NAME=VALUE --out FOLDER DASHBOARD.json`, draws a
// dashboard with it and writes NAME.png into the folder. The built program, Prometheus and promtool have to be there.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { loadHistory, startDemo, startFastPrometheus } from '../test/support/demo.ts'

interface Picture {
  readonly name: string
  readonly dashboard: string
  readonly options: readonly string[]
}

const PICTURES: readonly Picture[] = [
  { name: 'overview', dashboard: 'claude-usage-overview', options: ['--from', 'now-7d', '--height', '900'] },
  { name: 'budgets', dashboard: 'claude-usage-budgets', options: ['--from', 'now-30d', '--var', 'budget=monthly'] },
]
const MAX_BYTES = 300_000
/** Rates and running alerts need a few minutes of scrapes. */
const SCRAPED_MS = 60_000

const [preview, days = '75'] = process.argv.slice(2)
if (preview === undefined) throw new Error('usage: npx tsx scripts/pictures.ts PREVIEW [DAYS]')

const folder = mkdtempSync(join(tmpdir(), 'claude-usage-pictures-'))
const ends: (() => Promise<void>)[] = []
try {
  const demo = await startDemo({ folder, days: Number(days) })
  ends.push(() => demo.exporter.kill('SIGTERM'))
  await loadHistory(demo, folder)
  const prometheus = await startFastPrometheus(folder, demo.address)
  ends.push(() => prometheus.kill())
  await delay(SCRAPED_MS)
  for (const { name, dashboard, options } of PICTURES) {
    const file = resolve('grafana/generated', `${dashboard}.json`)
    execFileSync(process.execPath, [preview, '--prometheus', prometheus.url, ...options, '--out', folder, file], {
      stdio: 'inherit',
    })
    const picture = join(folder, `${dashboard}.png`)
    const { size } = statSync(picture)
    if (size > MAX_BYTES) throw new Error(`${name}: ${size} bytes, more than ${MAX_BYTES}`)
    copyFileSync(picture, join('grafana/pictures', `${name}.png`))
    console.log(`grafana/pictures/${name}.png: ${size} bytes`)
  }
} finally {
  for (const end of ends.reverse()) await end()
  rmSync(folder, { recursive: true, force: true })
}
