import type { Label } from '../ledger/ledger.ts'
import type { UsageLabels } from './snapshot.ts'

const MAX_LENGTH = 128
/** Nearly every value: printable ASCII without outer blanks. */
const ORDINARY = /^[!-~](?:[ -~]*[!-~])?$/

/**
 * The label set a ledger label is shown under.
 *
 * @param showsMachine whether machines are told apart
 */
export function usageLabels(label: Label & { readonly folded: boolean }, showsMachine = false): UsageLabels {
  const { source } = label
  if (label.folded) return otherLabels(source, showsMachine)
  return {
    source,
    agent: labelValue(label.agent),
    project: labelValue(label.project),
    provider: labelValue(label.provider),
    model: labelValue(label.model),
    machine: showsMachine ? labelValue(label.machine) : null,
  }
}

/** Where label sets of a source beyond the series limit are counted. */
export function otherLabels(source: string, showsMachine: boolean): UsageLabels {
  return { source, agent: OTHER, project: OTHER, provider: OTHER, model: OTHER, machine: showsMachine ? OTHER : null }
}

/** Where label sets beyond the series limit are counted. */
export const OTHER = 'other'

/** One spelling per thing: no control characters, no outer blanks, bounded length, never empty. */
export function labelValue(text: string): string {
  if (text.length <= MAX_LENGTH && ORDINARY.test(text)) return text
  const clean = wellFormed(text)
    .replace(/\p{Cc}/gu, ' ')
    .trim()
  if (clean === '') return 'unknown'
  return clean.length > MAX_LENGTH ? `${wellFormed(clean.slice(0, MAX_LENGTH - 1))}…` : clean
}

/** Halves of surrogate pairs, which UTF-8 cannot hold, become U+FFFD: two values may not differ in them alone. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}

/** Unambiguous text for a label set. */
export function labelsKey({ source, agent, project, provider, model, machine }: UsageLabels): string {
  return JSON.stringify([source, agent, project, provider, model, machine])
}
