import { ALERT_THRESHOLDS } from '../../core/alert-thresholds.ts'
import { metric } from '../definition.ts'

/** The prepaid balance, and the numbers that alert rules compare with. */
export const balanceDefinitions = [
  metric({
    name: 'claude_balance_usd',
    type: 'gauge',
    help:
      'US dollars left of what was put in: the top-ups of the configuration less the billed cost since the day of the ' +
      'first one (UTC). Computed, not told by the provider; negative when more was billed. Absent where the bill is not ' +
      'known that far back.',
    unit: 'usd',
    labels: ['organization'],
    collector: 'budgets',
    scale: 'pico',
    read: (snapshot) =>
      snapshot.balances.flatMap(({ organization, balancePico }) =>
        balancePico === null ? [] : [[{ organization }, balancePico] as const],
      ),
  }),
  metric({
    name: 'claude_balance_runway_seconds',
    type: 'gauge',
    help:
      'How long the balance lasts, in seconds, at the mean of the last 7 complete UTC days of the bill. Absent where the ' +
      'balance is, and where nothing was billed.',
    unit: 'seconds',
    labels: ['organization'],
    collector: 'budgets',
    read: (snapshot) =>
      snapshot.balances.flatMap(({ organization, runwayMs }) =>
        runwayMs === null || !Number.isFinite(runwayMs) ? [] : [[{ organization }, runwayMs / 1000] as const],
      ),
  }),
  metric({
    name: 'claude_alert_threshold',
    type: 'gauge',
    help:
      'What the alert rules compare with, from the configuration, in the unit that ends the name of the threshold: ' +
      'a change needs no change of the rules.',
    unit: '',
    labels: ['threshold'],
    collector: 'budgets',
    read: (snapshot) =>
      ALERT_THRESHOLDS.map(({ name }) => [{ threshold: name }, snapshot.alertThresholds[name]] as const),
  }),
]
