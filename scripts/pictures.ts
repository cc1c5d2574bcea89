// Draws the dashboards of README from the demo: npx tsx scripts/pictures.ts PREVIEW [DAYS]
// PREVIEW is a program for node that takes `--prometheus URL --from TIME --var NAME=VALUE --theme dark --timezone ZONE
// --width PX --out FOLDER DASHBOARD.json`, draws the dashboard and writes NAME.png into the folder. The built program,
// Prometheus and promtool have to be there.
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
  { name: 'overview', dashboard: 'claude-usage-overview', options: ['--from', 'now-30d'] },
  // So long that the period before is on it.
  { name: 'budgets', dashboard: 'claude-usage-budgets', options: ['--from', 'now-45d', '--var', 'budget=monthly'] },
]
const LOOK = ['--theme', 'dark', '--timezone', 'utc', '--width', '1600']
const MAX_BYTES = 300_000
/** Steps of an hour and more need no more of the history. */
const HISTORY_STEP = '15m'
/** Rates and running alerts need some scrapes. By then an agent of the demo runs away. */
const SCRAPED_MS = 120_000

const [preview, days = '75'] = process.argv.slice(2)
if (preview === undefined) throw new Error('usage: npx tsx scripts/pictures.ts PREVIEW [DAYS]')

const folder = mkdtempSync(join(tmpdir(), 'claude-usage-pictures-'))
const ends: (() => Promise<void>)[] = []
try {
  const demo = await startDemo({ folder, days: Number(days) })
  ends.push(() => demo.exporter.kill('SIGTERM'))
  await loadHistory(demo, folder, [`--step=${HISTORY_STEP}`])
  const prometheus = await startFastPrometheus(folder, demo.address)
  ends.push(() => prometheus.kill())
  await delay(SCRAPED_MS)
  for (const { name, dashboard, options } of PICTURES) {
    const file = resolve('grafana/generated', `${dashboard}.json`)
    const flags = ['--prometheus', prometheus.url, ...options, ...LOOK, '--out', folder]
    execFileSync(process.execPath, [preview, ...flags, file], { stdio: 'inherit' })
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
