import * as z from 'zod/mini'
import { about, component } from './component.ts'

export const time = component(
  'Time',
  'A time of RFC 3339 with its offset.',
  z.iso.datetime({ offset: true, local: false }),
)

export const day = component('Day', 'A day of the calendar.', z.iso.date())

/** Sums may be beyond what a float tells apart. */
export const count = component('Count', 'A whole number, not negative.', z.number().check(z.gte(0)))

export const usd = component('Usd', 'US dollars.', z.number())

/** Of anything to anything: never cut off at 1. */
export const ratio = component('Ratio', 'A share: 1 is all of it, more than 1 is more than that.', z.number())

export const tokens = component(
  'Tokens',
  'Tokens by class. The classes are disjoint; `total` is their sum.',
  z.strictObject({
    input: about('Input that was neither read from the cache nor written to it.', count),
    cacheWrite5m: about('Input written to the cache for 5 minutes.', count),
    cacheWrite1h: about('Input written to the cache for an hour.', count),
    cacheRead: about('Input read from the cache.', count),
    output: about('Output, thinking included.', count),
    total: count,
  }),
)

const usageFields = {
  tokens,
  requests: count,
  webSearches: count,
  estimatedCostUsd: about(
    'Tokens at list price, of use that is paid per token; without those that have no price.',
    usd,
  ),
  planValueUsd: about('The same of use that a flat-rate plan covers; never part of the estimate.', usd),
  billedCostUsd: about('What the provider billed; null where a bill is not known for this.', z.nullable(usd)),
  unpricedTokens: about('Tokens of models without a known price: they are in no amount.', count),
  cacheHitRatio: about('Share of the prompts that was read from the cache; null without a prompt.', z.nullable(ratio)),
  cacheSavingsUsd: about(
    'What reading the cache saved, less what writing it cost on top, of use that is paid per token; negative where it did not pay.',
    usd,
  ),
  cacheSavingsOfPlanUsd: about('The same of use that a flat-rate plan covers.', usd),
}

export const usage = component('Usage', 'Use by the session logs.', z.strictObject(usageFields))

/** Rows of usage with what they are about. */
export function usageOf<Shape extends Record<string, z.ZodMiniType>>(shape: Shape) {
  return z.strictObject({ ...shape, ...usageFields })
}

export const range = component(
  'Range',
  '`calendar` begins at a local midnight, `rolling` a fixed time ago, `chosen` and `all` as asked for.',
  z.strictObject({
    kind: z.enum(['calendar', 'rolling', 'chosen', 'all']),
    from: about('First instant of it.', time),
    to: about('First instant after it; the end of the quarter of an hour that runs, where it ends now.', time),
  }),
)

/** What every document begins with. */
export function head<Name extends string>(name: Name) {
  return {
    schemaVersion: z.literal(1),
    document: z.literal(name),
    generatedAt: time,
    timeZone: about('Zone of days and times.', z.string()),
    complete: about(
      'False while the history of the logs is read for the first time: what follows from them is null or empty then.',
      z.boolean(),
    ),
  }
}

/** Which part of a list this is. */
export const page = component(
  'Page',
  'Which rows these are. Every request sees the list as it is at that moment.',
  z.strictObject({
    offset: count,
    limit: count,
    total: about('Rows of the whole list; null where they are not counted.', z.nullable(count)),
    next: about('The offset of the next page; null on the last one.', z.nullable(count)),
  }),
)

export const problem = component(
  'Problem',
  'A problem document (RFC 9457).',
  z.strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: about('What is wrong and what to do.', z.string()),
    parameter: z.optional(about('Name of the parameter that is wrong.', z.string())),
    known: z.optional(about('What there is.', z.array(z.string()))),
  }),
)
