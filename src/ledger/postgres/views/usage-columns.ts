import type { Billing } from '../../../core/usage.ts'
import { dollars } from './sql.ts'
import { type Output, output } from './view.ts'

const sum = (column: string) => `SUM(rollup.${column})`

/** A sum of money over the rows of one kind of billing, 0 where there are none. */
function money(measure: string, billing: Billing): string {
  const part = (column: string) => `COALESCE(SUM(rollup.${column}) FILTER (WHERE label.billing = '${billing}'), 0)`
  return dollars(part(`${measure}_usd`), part(`${measure}_pico`))
}

const PROMPT = ['input', 'cache_write_5m', 'cache_write_1h', 'cache_read'].map(sum).join(' + ')

const tokens = (name: string, about: string) => output(`${name}_tokens`, 'numeric', sum(name), about)

/** What was used, for a query over `rollup` joined with `label`. */
export const USAGE: readonly Output[] = [
  output('requests', 'numeric', sum('requests'), 'Responses of models.'),
  tokens('input', 'Tokens of prompts that were neither read from nor written to the cache.'),
  tokens('cache_write_5m', 'Tokens written to the cache for 5 minutes.'),
  tokens('cache_write_1h', 'Tokens written to the cache for 1 hour.'),
  tokens('cache_read', 'Tokens read from the cache.'),
  tokens('output', 'Tokens that models wrote.'),
  output('total_tokens', 'numeric', `${PROMPT} + ${sum('output')}`, 'Tokens of the five classes together.'),
  output(
    'estimated_cost_usd',
    'numeric',
    money('cost', 'metered'),
    'US dollars at list price of use that is paid per token, exact; without the unpriced tokens. An estimate, not the bill.',
  ),
  output(
    'plan_value_usd',
    'numeric',
    money('cost', 'plan'),
    'US dollars at list price of use that a flat-rate plan covers, exact. Nobody is billed for it: never add it to a cost.',
  ),
  tokens('unpriced', 'Tokens of models no price is known for; they are in no amount.'),
]

/** How well caching paid, for the same query. */
export const CACHE: readonly Output[] = [
  output('prompt_tokens', 'numeric', PROMPT, 'Tokens of prompts: input, both kinds of cache writes and cache reads.'),
  ...USAGE.filter(({ name }) => /^(?:input|cache_\w+)_tokens$/.test(name)),
  output(
    'cache_hit_ratio',
    'numeric',
    `${sum('cache_read')} / NULLIF(${PROMPT}, 0)`,
    'Share of the prompt that was read from the cache, 0 to 1. Null without a prompt.',
  ),
  output(
    'cache_savings_usd',
    'numeric',
    `${money('saved', 'metered')} - (${money('premium', 'metered')})`,
    'US dollars at list price that reading the cache saved, less what writing it cost on top, of use that is paid per token. Negative where caching did not pay.',
  ),
  output(
    'cache_savings_of_plan_usd',
    'numeric',
    `${money('saved', 'plan')} - (${money('premium', 'plan')})`,
    'The same of use that a flat-rate plan covers. Nobody saves it: never add it to the other.',
  ),
]
