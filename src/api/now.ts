import { readAdvice } from '../advice/read.ts'
import { runbookUrl } from '../alerts/runbook.ts'
import { usdFromPico } from '../core/money.ts'
import { isoTime } from '../core/period.ts'
import type { Notice } from '../notify/notice.ts'
import { noticesOf } from '../notify/notices.ts'
import type { ApiContext } from './context.ts'
import { documentHead, timeOrNull } from './head.ts'
import type { AdviceDocument, AlertsDocument, WindowsDocument } from './schema/now.ts'
import { slicedLedger } from './sliced.ts'

/** What the notifier would tell, without waiting and whether or not it was told. */
export function alertsDocument(context: ApiContext): AlertsDocument {
  const { current, timeZone } = context
  const covered = new Set(noticesOf(current).flatMap(({ covers }) => covers))
  const rows = noticesOf(current)
    .filter(({ key }) => !covered.has(key))
    .sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'))
    .map(({ name, severity, summary, description, labels }: Notice) => ({
      name,
      severity,
      summary,
      description,
      labels: { ...labels },
      runbook: runbookUrl(name),
    }))
  return { ...documentHead('alerts', context, timeZone), rows }
}

/** Rejects with LedgerError. */
export async function adviceDocument(context: ApiContext): Promise<AdviceDocument> {
  const { current, timeZone, ledger } = context
  const advice = current.complete ? await readAdvice(slicedLedger(ledger), current) : []
  return {
    ...documentHead('advice', context, timeZone),
    rows: advice.map(({ savingPico, planValuePico, labels, ...rest }) => ({
      ...rest,
      labels: { ...labels },
      savingUsdPer30Days: savingPico === null ? null : usdFromPico(savingPico),
      planValueUsdPer30Days: planValuePico === null ? null : usdFromPico(planValuePico),
    })),
  }
}

export function windowsDocument(context: ApiContext): WindowsDocument {
  const { current, timeZone } = context
  return {
    ...documentHead('windows', context, timeZone),
    rows: current.planWindows.map(({ account, window, usedRatio, resetsAt, observedAt, origin }) => ({
      account,
      window,
      usedRatio,
      resetsAt: timeOrNull(resetsAt, timeZone),
      observedAt: isoTime(observedAt, timeZone),
      origin,
    })),
  }
}
