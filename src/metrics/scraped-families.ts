import type { Snapshot } from '../view/snapshot.ts'
import { COLLECTORS } from './definition.ts'
import { familiesOf } from './families.ts'
import type { HealthFamily } from './prom-client-families.ts'
import type { Family } from './render/family.ts'

/** What a scrape of everything would show of this snapshot, ready to be written. */
export async function scrapedFamilies(
  snapshot: Snapshot,
  health: { families(): Promise<readonly HealthFamily[]> },
): Promise<readonly Family[]> {
  return [...familiesOf(snapshot, new Set(COLLECTORS)), ...(await health.families())]
}
