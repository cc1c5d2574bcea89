import { accumulate, isZero, MEASURES, type Measures, zeroMeasures } from '../../core/measures.ts'
import { groupsOf, idIn, lock, type Moving, tellOthers } from './moving.ts'
import { rises } from './rises.ts'

const measures = MEASURES.join(', ')

/**
 * What the counters of the source show beyond its responses, because corrections never take back what was shown. It is
 * added to what is shown and to what is reversed, so that no counter falls and no sum changes. Where the target has
 * reversed as much under the label itself, it was moved before.
 */
export async function moveReversed({ source, target, labels }: Moving): Promise<void> {
  const reversed = new Map<number, Measures>()
  for (const [id, ...values] of await source.rows.all(`SELECT label_id, ${measures} FROM counter WHERE kind = 1`)) {
    const label = idIn(labels, Number(id))
    reversed.set(label, accumulate(reversed.get(label) ?? zeroMeasures(), values as Measures))
  }
  for (const group of groupsOf([...reversed].sort(([a], [b]) => a - b))) {
    await target.write(async (step) => {
      await lock(step.db, 'move_lock')
      const counters = []
      for (const [label, values] of group) {
        const [...known] =
          (await step.db.one(`SELECT ${measures} FROM counter WHERE label_id = ? AND kind = 1`, label)) ??
          zeroMeasures()
        const missing = rises(values, known as Measures)
        if (isZero(missing)) continue
        await step.tx.addCounter(label, 0, missing)
        await step.tx.addCounter(label, 1, missing)
        counters.push({ label, published: missing, reversed: missing })
      }
      tellOthers(step, { counters })
    })
  }
}
