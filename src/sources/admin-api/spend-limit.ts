import * as z from 'zod/mini'
import type { SpendLimit } from '../../core/organization.ts'
import { cents, word } from './wire.ts'

export const spendLimitRow = z.object({
  id: word,
  amount: z.nullish(cents),
  currency: word,
  period: word,
  scope: z.object({
    type: word,
    workspace_id: z.nullish(word),
    user_id: z.nullish(word),
    seat_tier: z.nullish(word),
    rbac_group_id: z.nullish(word),
    service: z.nullish(word),
  }),
})

/** The limit, or nothing where its currency is one that this program has no amounts for. */
export function spendLimitOf({ id, amount, currency, period, scope }: z.infer<typeof spendLimitRow>): SpendLimit[] {
  if (currency !== 'USD') return []
  const scopeId = scope.workspace_id ?? scope.user_id ?? scope.seat_tier ?? scope.rbac_group_id ?? scope.service
  return [{ id, scope: scope.type, scopeId: scopeId ?? 'none', period, limitPico: amount ?? null, spentPico: null }]
}
