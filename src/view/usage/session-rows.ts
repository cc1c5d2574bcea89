import type { Snapshot, UsageLabels } from '../snapshot.ts'
import type { IsShown } from './counter-rows.ts'
import type { Series } from './series.ts'

export type SessionsStartedRow = Snapshot['sessionsStarted'][number]

/** Sessions per source, agent, project and machine, from how many began under each label. Shown once one of its series is. */
export function sessionRows(
  started: Iterable<readonly [label: number, sessions: number]>,
  seriesOf: (label: number) => Series | undefined,
  isShown: IsShown,
): SessionsStartedRow[] {
  const rows = new Map<
    string,
    { -readonly [Key in keyof SessionsStartedRow]: SessionsStartedRow[Key] } & { shown: boolean }
  >()
  for (const [label, count] of started) {
    const series = seriesOf(label)
    if (series === undefined || !series.isExposed) continue
    const { source, agent, project, machine } = series.labels
    const key = sessionsKey(series.labels)
    const row = rows.get(key) ?? { source, agent, project, machine, sessions: 0n, shown: false }
    rows.set(key, row)
    row.sessions += BigInt(count)
    row.shown ||= isShown(series.zeroUntil)
  }
  return [...rows.values()].map(({ shown, sessions, ...row }) => ({ ...row, sessions: shown ? sessions : 0n }))
}

/** Unambiguous text for the labels of a row. */
export function sessionsKey({
  source,
  agent,
  project,
  machine,
}: Pick<UsageLabels, 'source' | 'agent' | 'project' | 'machine'>): string {
  return JSON.stringify([source, agent, project, machine])
}
