import { monthsJson } from '../../owners/json.ts'
import { jsonHead, jsonText } from '../../report/json.ts'
import type { ChargebackReport } from './report.ts'

/** The chargeback as a JSON document, with the months of `/api/chargeback`. */
export function chargebackJson({ months, by, detail, rules, context, freshness }: ChargebackReport): string {
  const { timeZone } = context
  return jsonText({
    ...jsonHead('chargeback', context, freshness),
    by,
    rules,
    months: monthsJson(months, { timeZone, detail }),
  })
}
