import type { BackfillOptions } from '../../backfill/backfill.ts'
import { MINUTE_MS } from '../../core/time.ts'
import { SLOT_MS } from '../../ledger/ledger.ts'
import type { Output } from '../io.ts'
import { formatCompact } from '../terminal/figures.ts'
import type { ChosenRange } from './range.ts'

/** With more samples in one file, `promtool` takes hours: it reads all of it for each block. */
const MANY_SAMPLES = 20_000_000

export function warningLine({ style }: Output, warning: string): string {
  return `${style.yellow('warning:')} ${warning}\n`
}

/** What comes nearer to now than blocks should; null where the end is old enough. */
export function headWarning({ reachesInto, to }: ChosenRange, now: number): string | null {
  if (reachesInto !== 'head') return null
  const age = Math.round((now - to) / MINUTE_MS)
  return (
    `The history ends ${age} min ago. A Prometheus that runs holds the last hours in memory (its head block), and ` +
    'blocks that reach into them are merged with that or get in its way. Move the blocks in once the end is 4 hours ago.'
  )
}

/** One file of more than promtool deals with well; null where it is not. */
export function sizeWarning(
  samples: number,
  { splitDays, stepMs }: Pick<BackfillOptions, 'splitDays' | 'stepMs'>,
): string | null {
  if (splitDays !== null || samples <= MANY_SAMPLES) return null
  const others =
    stepMs < SLOT_MS ? ', begin later (--since) or take larger steps (--step 15m)' : ' or begin later (--since)'
  return (
    `This becomes one text of up to ${formatCompact(samples)} samples, all of which promtool reads for each block. ` +
    `Rather write several files (--split-days 30)${others}.`
  )
}
