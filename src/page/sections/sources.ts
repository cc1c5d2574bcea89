import type { Overview } from '../../overview/overview.ts'
import { count, nothing } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { type Moment, when } from '../moment.ts'
import { keyOf, name } from '../names.ts'
import { empty, section } from '../section.ts'
import { chip } from '../state.ts'
import { table } from '../table.ts'

type Source = Overview['sources']['rows'][number]
type MachineOfTeam = Overview['machines']['rows'][number]

/** Where figures come from and how old they are. */
export function sourcesSection({ sources: { rows }, machines }: Overview, moment: Moment): Html {
  const content =
    rows.length === 0
      ? machines.rows.length > 1
        ? NO_OWN_SOURCE
        : NO_SOURCE
      : table<Source>({
          caption: 'Sources and how fresh they are',
          rows,
          key: ({ source, organization }) => keyOf(source, organization ?? ''),
          columns: [
            {
              header: 'Source',
              cell: ({ source, kind }) => html`${name(source)} <small>${kind === 'logs' ? 'logs' : 'API'}</small>`,
            },
            { header: 'State', cell: stateChip },
            { header: 'Last read', cell: ({ lastSuccess }) => when(lastSuccess, moment, 'never') },
            { header: 'Data to', cell: ({ dataTo }) => when(dataTo, moment, 'no data yet') },
            { header: 'Next read', cell: ({ nextRun, kind }) => nextOf(nextRun, kind, moment) },
            {
              header: 'Files',
              isNumber: true,
              cell: ({ files }) => (files === null ? nothing('not files') : count(files, null)),
            },
            { header: 'Rejected', isNumber: true, cell: ({ rejectedLines }) => rejectedOf(rejectedLines) },
          ],
        })
  const withoutApi = rows.length > 0 && rows.every(({ kind }) => kind === 'logs')
  return section(
    'sources',
    'Sources',
    html`${content}${withoutApi ? NO_ORGANIZATION : null}${machinesTable(machines.rows, moment)}`,
  )
}

/** Only where several write the ledger: one alone is this one. */
function machinesTable(rows: readonly MachineOfTeam[], moment: Moment): Html | null {
  if (rows.length < 2) return null
  return table<MachineOfTeam>({
    caption: 'Machines and how fresh their logs are',
    rows,
    key: ({ machine }) => keyOf(machine),
    columns: [
      { header: 'Machine', cell: ({ machine }) => name(machine) },
      { header: 'State', cell: machineChip },
      { header: 'Last seen', cell: ({ lastSeen }) => when(lastSeen, moment, 'never') },
      { header: 'Logs read', cell: ({ lastRead }) => when(lastRead, moment, 'never') },
      { header: 'Newest response', cell: ({ newestResponse }) => when(newestResponse, moment, 'no data yet') },
    ],
  })
}

function machineChip({ state }: MachineOfTeam): Html {
  if (state === 'ok') return chip('ok', 'alive')
  if (state === 'silent') return chip('warning', 'silent')
  return state === 'stale' ? chip('critical', 'logs not read') : chip('unknown', 'not known')
}

function stateChip({ inUse, up }: Source): Html {
  if (!inUse) return html`<span class="soft">not in use</span>`
  if (up === null) return chip('unknown', 'not tried')
  return up ? chip('ok', 'readable') : chip('critical', 'cannot be read')
}

function nextOf(nextRun: string | null, kind: Source['kind'], moment: Moment): Html {
  if (nextRun !== null) return when(nextRun, moment)
  return kind === 'logs'
    ? html`<span class="soft">followed</span>`
    : nothing('no run is scheduled, or it is not known here')
}

function rejectedOf(lines: number | null): Html {
  if (lines === null) return nothing('not lines')
  return lines === 0 ? count(lines, null) : html`<span class="is-warning">${count(lines, null)}</span>`
}

const NO_OWN_SOURCE = empty(html`<p>This instance reads no logs itself; it shows what other machines read.</p>`)

const NO_SOURCE = empty(
  html`<p>No source is set up: no session logs of Claude Code, OpenClaw or pi were found. <code>claude-usage-exporter doctor</code> says where they were looked for.</p>`,
)
const NO_ORGANIZATION = html`<p class="soft">No organisation is read: what is billed is not known. With an admin key under <code>admin_api</code> it is.</p>`
