import { OperatorError } from '../core/errors.ts'
import { CHARGEBACK_GROUPINGS } from '../owners/chargeback.ts'
import { monthsJson } from '../owners/json.ts'
import { type ChargebackMonth, chooseMonths } from '../owners/months.ts'
import { readChargeback } from '../owners/report.ts'
import type { ApiContext } from './context.ts'
import { documentHead } from './head.ts'
import { month, oneOf, type Values } from './parameter.ts'
import { badParameter } from './problem.ts'
import type { ChargebackDocument } from './schema/chargeback.ts'

export const CHARGEBACK_PARAMETERS = {
  month: month('The month, such as 2026-05; the present one unless given.'),
  by: oneOf('What rows are about; owner, team and cost centre together unless given.', CHARGEBACK_GROUPINGS),
  detail: oneOf('Whether rows tell what they consist of.', ['true', 'false']),
}

/** What owners used and were billed in a month. Throws ApiProblem; rejects with LedgerError. */
export async function chargebackDocument(
  { month: asked, by: grouping, detail }: Values<typeof CHARGEBACK_PARAMETERS>,
  context: ApiContext,
): Promise<ChargebackDocument> {
  const { at, timeZone, current } = context
  const by = grouping ?? null
  const { rules, share, count } = current.owners.settings
  const documentOf = (list: ChargebackDocument['months']): ChargebackDocument => ({
    ...documentHead('chargeback', context, timeZone),
    by,
    rules: count,
    months: list,
  })
  const months = monthsOf(asked, at, timeZone)
  if (!current.complete) return documentOf([])
  // What is read in several parts has to be of one moment.
  const { ledger } = await context.ledger.freeze()
  try {
    const organizations = current.organizations.organizations.map(({ organization }) => organization)
    const reports = await readChargeback(ledger, { months, rules, share, by, organizations })
    return documentOf(monthsJson(reports, { timeZone, detail: detail === 'true' }))
  } finally {
    await ledger.close()
  }
}

function monthsOf(asked: string | undefined, now: number, timeZone: string): ChargebackMonth[] {
  try {
    return chooseMonths(asked === undefined ? {} : { month: asked }, now, timeZone)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    throw badParameter('month', `The parameter "month" takes no month that has not begun: ${asked}.`)
  }
}
