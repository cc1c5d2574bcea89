import type { Pricing } from '../../pricing/pricing.ts'
import type { ItemsBetween } from '../by-day.ts'
import type { DemoWorld } from '../world.ts'
import { type Bill, createBill } from './bill.ts'
import { createRequests, type DemoRequest } from './requests.ts'

/** What the organisation is asked and what it is billed for. */
export interface Books {
  /** In no particular order. */
  readonly requestsBetween: ItemsBetween<DemoRequest>
  readonly bill: Bill
}

/** Settings and API of the demo share one, so that every day is worked out once. */
export function createBooks(world: DemoWorld, pricing: Pricing): Books {
  const requestsBetween = createRequests(world, pricing)
  return { requestsBetween, bill: createBill({ requestsBetween, pricing, since: world.from }) }
}
