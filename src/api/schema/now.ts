import * as z from 'zod/mini'
import { ADVICE_KINDS } from '../../advice/advice.ts'
import { head, ratio, time, usd } from './basics.ts'
import { about, component } from './component.ts'

const labels = about('What it is about, by the names of the labels of `/metrics`.', z.record(z.string(), z.string()))

export const alertsDocument = component(
  'AlertsDocument',
  'What is true now of the conditions that are alerted on.',
  z.strictObject({
    ...head('alerts'),
    rows: about(
      'Critical ones first. The alert rules wait for a while before they fire, so that this is ahead of them.',
      z.array(
        z.strictObject({
          name: about('Of the alert rule.', z.string()),
          severity: z.enum(['warning', 'critical']),
          summary: z.string(),
          description: z.string(),
          labels,
          runbook: about('Page that says what to do.', z.string()),
        }),
      ),
    ),
  }),
)
export type AlertsDocument = z.infer<typeof alertsDocument>

export const adviceDocument = component(
  'AdviceDocument',
  'What to do, computed from the use of the last 7 days.',
  z.strictObject({
    ...head('advice'),
    rows: about(
      'The most urgent first, then what saves most.',
      z.array(
        z.strictObject({
          id: z.string(),
          kind: z.enum(ADVICE_KINDS),
          urgency: z.enum(['now', 'consider']),
          title: z.string(),
          detail: z.string(),
          savingUsdPer30Days: about(
            'At the pace of the last 7 days and the list prices of today; null where no amount follows.',
            z.nullable(usd),
          ),
          planValueUsdPer30Days: about('The same of use that a plan covers.', z.nullable(usd)),
          formula: about(
            'How the amount, or another figure of the detail, comes about, with its numbers.',
            z.nullable(z.string()),
          ),
          labels,
        }),
      ),
    ),
  }),
)
export type AdviceDocument = z.infer<typeof adviceDocument>

export const windowsDocument = component(
  'WindowsDocument',
  'Limits of subscriptions, as Claude Code last told its status line.',
  z.strictObject({
    ...head('windows'),
    rows: z.array(
      z.strictObject({
        account: z.string(),
        window: about('`5h`, `7d` or as Claude Code names it.', z.string()),
        usedRatio: ratio,
        resetsAt: z.nullable(time),
        observedAt: time,
        origin: z.literal('statusline'),
      }),
    ),
  }),
)
export type WindowsDocument = z.infer<typeof windowsDocument>
