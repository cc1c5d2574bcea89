import type { MachineRow } from '../ledger/machines.ts'
import type { Group } from './groups.ts'
import type { Grouping, ReportFilters } from './options.ts'
import { emptyTotals } from './totals.ts'

/** What a report by machine is about. */
export interface MachinesAsked {
  readonly by: readonly Grouping[]
  readonly where: ReportFilters
}

/**
 * Groups of machines that have no use in the period: a machine that is silent is the one that is looked for. None where
 * something else is asked for than machines.
 */
export function idleMachines(
  machines: readonly MachineRow[],
  groups: readonly Group[],
  { by, where }: MachinesAsked,
): readonly Group[] {
  const { machine: only, ...others } = where
  if (by.length !== 1 || by[0] !== 'machine' || Object.values(others).some((value) => value !== undefined)) return []
  const used = new Set(groups.map(({ key: [name] }) => name))
  return machines
    .filter(({ name }) => !used.has(name) && (only === undefined || only === name))
    .map(({ name }) => ({ key: [name], totals: emptyTotals(), sessions: 0, session: null }))
}
