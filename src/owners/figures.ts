import { amountOf, FIRST_TOKEN_CLASS, MEASURE, type Measures } from '../core/measures.ts'
import { type Billing, TOKEN_CLASSES } from '../core/usage.ts'

/** The three kinds of money, which are never added up, and what was used, by the session logs. */
export interface Figures {
  /** Pico-dollars at list price of use that is paid per token. */
  readonly estimatedPico: bigint
  /** Pico-dollars at list price of use that a plan covers. */
  readonly planPico: bigint
  /** Pico-dollars that the provider billed; negative where corrections outweigh the rest. */
  readonly billedPico: bigint
  /** In the order of TOKEN_CLASSES. */
  readonly tokens: readonly bigint[]
  readonly requests: bigint
  /** Tokens that are in no amount, because no price is known. */
  readonly unpricedTokens: bigint
  /** How many different ones. */
  readonly projects: number
  readonly sessions: number
  readonly machines: number
}

/** Figures while they are added up. */
export interface Sum {
  estimatedPico: bigint
  planPico: bigint
  billedPico: bigint
  readonly tokens: bigint[]
  requests: bigint
  unpricedTokens: bigint
  readonly projects: Set<string>
  readonly sessions: Set<string>
  readonly machines: Set<string>
}

interface Use {
  readonly billing: Billing
  readonly values: Measures
  readonly source: string
  readonly project: string
  readonly machine: string
  readonly session: string
}

export function newSum(): Sum {
  return {
    estimatedPico: 0n,
    planPico: 0n,
    billedPico: 0n,
    tokens: TOKEN_CLASSES.map(() => 0n),
    requests: 0n,
    unpricedTokens: 0n,
    projects: new Set(),
    sessions: new Set(),
    machines: new Set(),
  }
}

/** Adds in place. */
export function addUse(sum: Sum, { billing, values, source, project, machine, session }: Use): void {
  const pico = amountOf(values, 'cost_usd')
  if (billing === 'plan') sum.planPico += pico
  else sum.estimatedPico += pico
  for (const index of sum.tokens.keys()) {
    sum.tokens[index] = (sum.tokens[index] ?? 0n) + BigInt(values[FIRST_TOKEN_CLASS + index] ?? 0)
  }
  sum.requests += BigInt(values[MEASURE.requests] ?? 0)
  sum.unpricedTokens += BigInt(values[MEASURE.unpriced] ?? 0)
  sum.projects.add(project)
  sum.sessions.add(JSON.stringify([source, session]))
  sum.machines.add(machine)
}

/** Adds in place. */
export function addBilled(sum: Sum, pico: bigint): void {
  sum.billedPico += pico
}

export function figuresOf({ projects, sessions, machines, tokens, ...sum }: Sum): Figures {
  return {
    ...sum,
    tokens: [...tokens],
    projects: projects.size,
    sessions: sessions.size,
    machines: machines.size,
  }
}
