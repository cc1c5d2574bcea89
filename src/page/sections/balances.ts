import { durationText } from '../../core/duration-text.ts'
import type { Overview } from '../../overview/overview.ts'
import { nothing, usd } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { keyOf, name } from '../names.ts'
import { empty, section } from '../section.ts'
import { table } from '../table.ts'

const NO_BILL = 'the bill is not known since the first payment'

/** What was paid in less what was billed. */
export function balancesSection({ budgets: { balances } }: Overview): Html {
  if (balances.length === 0) return section('balances', 'Prepaid balance', NO_BALANCE)
  return section(
    'balances',
    'Prepaid balance',
    table<(typeof balances)[number]>({
      caption: 'Prepaid balances by organisation',
      rows: balances,
      key: ({ organization }) => keyOf(organization),
      columns: [
        { header: 'Organisation', cell: ({ organization }) => name(organization) },
        {
          header: 'Left',
          isNumber: true,
          cell: ({ balanceUsd }, index) => usd(balanceUsd, `budgets.balances[${index}].balanceUsd`, NO_BILL),
        },
        {
          header: 'Paid in',
          isNumber: true,
          cell: ({ toppedUpUsd }, index) => usd(toppedUpUsd, `budgets.balances[${index}].toppedUpUsd`),
        },
        { header: 'Lasts', isNumber: true, cell: ({ runwayDays }) => runwayText(runwayDays) },
      ],
    }),
    'computed from top-ups and bill',
  )
}

function runwayText(days: number | null): Html | string {
  if (days === null) return nothing('nothing was billed in the last 7 days, or that is not known')
  return `about ${durationText(days * 86_400_000)}`
}

const NO_BALANCE = empty(
  html`<p>None is known. Enter what was paid in under <code>balance.top_ups</code>, and what is left follows from the bill of the organisation.</p>`,
)
