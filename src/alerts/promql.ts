import type { AlertThresholdName } from '../core/alert-thresholds.ts'

/** How long a level counts when it is not told any more: a night with the machine asleep. Levels only change slowly. */
export const LEVEL_HOLD = '12h'
/** The same for rates: what ran an hour ago says little of now. */
export const RATE_HOLD = '1h'

/** Labels that name a budget when several exporters are scraped. */
export const ON_BUDGET = 'on (job, instance, budget)'
const ON_EXPORTER = 'on (job, instance)'

/** True while the exporter answers and has read its history: what it does not tell then, it does not know. */
export const ANSWERS = '(claude_exporter_load_complete == 1)'

/**
 * A family as it is, or as it last was while the exporter does not answer or still loads. Neither a restart nor a death
 * thus clears anything at once; a value that falls, or a series that a running exporter leaves out, counts at once.
 */
export function kept(family: string, hold: string): string {
  return `(
  ${family}
  or
  last_over_time(${family}[${hold}]) unless ${ON_EXPORTER} ${ANSWERS}
)`
}

/** A setting, one per exporter. Aggregated, so that a change of the labels of a target is no duplicate. */
function threshold(name: AlertThresholdName): string {
  return `max by (job, instance) (last_over_time(claude_alert_threshold{threshold="${name}"}[${LEVEL_HOLD}]))`
}

/** Keeps the labels of `expr`. */
export function above(expr: string, name: AlertThresholdName): string {
  return compared(expr, '>', threshold(name))
}

export function notAbove(expr: string, name: AlertThresholdName): string {
  return compared(expr, '<=', threshold(name))
}

export function below(expr: string, name: AlertThresholdName): string {
  return compared(expr, '<', threshold(name))
}

/** `expr` beyond a multiple of `usual`, which has the same labels. */
export function aboveMultiple(expr: string, usual: string, labels: string, name: AlertThresholdName): string {
  const multiple = `max by (job, instance, ${labels}) (
  ${indented(usual)} * ${ON_EXPORTER} group_left ()
  ${threshold(name)}
)`
  return `${expr}
> on (job, instance, ${labels}) group_left ()
${multiple}`
}

export function indented(text: string): string {
  return text.replaceAll('\n', '\n  ')
}

export function inParentheses(expr: string): string {
  return `(\n  ${indented(expr)}\n)`
}

/** `expr` with the owner of each budget as a label, for routing; as it is where no owner is known. */
export function withOwner(expr: string, owner: string): string {
  const inner = inParentheses(expr)
  return `${inner} * ${ON_BUDGET} group_left (owner) ${owner}
or ${ON_BUDGET}
${inner}`
}

function compared(expr: string, operator: '>' | '<' | '<=', right: string): string {
  return `${expr}
${operator} ${ON_EXPORTER} group_left ()
${right}`
}
