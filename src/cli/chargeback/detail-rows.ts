import type { BilledDetail, ChargebackRow, UsageDetail } from '../../owners/chargeback.ts'
import { countCell, nameCell, usdCell } from '../report/cells.ts'
import type { Cell, Row } from '../terminal/table.ts'

export interface DetailLayout {
  /** How many columns the names take. */
  readonly names: number
  readonly columns: number
  readonly hasShare: boolean
  readonly hasUnpriced: boolean
}

/** What a row consists of: use by project, agent and machine, then billed cost by workspace, key and kind. */
export function detailRows({ usage, billed }: ChargebackRow, layout: DetailLayout): Row[] {
  return [...usage.map((part) => usageRow(part, layout)), ...billed.map((part) => billedRow(part, layout))]
}

function usageRow(part: UsageDetail, layout: DetailLayout): Row {
  const { source, project, agent, machine, estimatedPico, planPico, tokens, unpricedTokens, requests, sessions } = part
  const all = tokens.reduce((sum, count) => sum + count, 0n)
  const counts = [all, ...(layout.hasUnpriced ? [unpricedTokens] : []), requests, sessions].map(countCell)
  const empty = layout.hasShare ? ['', ''] : ['']
  return rowOf(
    [project, agent, machine, source],
    [usdCell(estimatedPico), usdCell(planPico), ...empty, ...counts],
    layout,
  )
}

function billedRow(part: BilledDetail, layout: DetailLayout): Row {
  const { organization, workspaceId, apiKeyId, costType, billedPico } = part
  return rowOf([costType, workspaceId, apiKeyId, organization], ['', '', usdCell(billedPico)], layout)
}

/** The names are shortened to what their columns have room for. */
function rowOf(
  names: readonly string[],
  cells: readonly (Cell | string)[],
  { names: width, columns }: DetailLayout,
): Row {
  const named = width === 1 ? [nameCell(`  ${names.join(' · ')}`)] : names.slice(0, width).map(indented)
  const all = [...named, ...cells]
  return { cells: [...all, ...Array.from({ length: columns - all.length }, () => '')] }
}

function indented(name: string, index: number): Cell {
  return nameCell(index === 0 ? `  ${name}` : name)
}
