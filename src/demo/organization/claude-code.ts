import type { ClaudeCodeModel, ClaudeCodeRow } from '../../core/organization.ts'
import type { Pricing } from '../../pricing/pricing.ts'
import { createRandom } from '../world/random.ts'
import type { DemoCall } from '../world.ts'
import { KEY_NAMES } from './names.ts'

const TERMINALS = ['vscode', 'iTerm.app', 'tmux']
/** Tokens of output behind a line that was written, and a line that was taken away. */
const TOKENS_PER_LINE = { added: 26, removed: 90 }
/** Calls behind an edit, a rejected one and a commit; commits behind a pull request. */
const CALLS_PER = { edit: 4, rejection: 37, commit: 45 }
const COMMITS_PER_PULL_REQUEST = 4

/** What one kind of session of one actor did. */
interface Doings {
  readonly who: Pick<ClaudeCodeRow, 'actorType' | 'actor' | 'terminal' | 'isRemote'>
  readonly sessions: Set<string>
  readonly models: Map<string, ClaudeCodeModel>
  calls: number
  output: number
}

/** The report of a day, by the calls of that day. `day`: its start, epoch milliseconds. */
export function claudeCodeRows(calls: readonly DemoCall[], day: number, pricing: Pricing): ClaudeCodeRow[] {
  const billed = calls.filter(({ source, billedTo }) => source === 'claude-code' && billedTo !== null)
  const attended = new Set(billed.filter(({ followsHuman }) => followsHuman).map(({ session }) => session))
  const all = new Map<string, Doings>()
  for (const call of billed) {
    const who = whoOf(call, attended.has(call.session))
    const key = JSON.stringify(who)
    const doings = all.get(key) ?? { who, sessions: new Set(), models: new Map(), calls: 0, output: 0 }
    all.set(key, doings)
    doings.sessions.add(call.session)
    doings.calls += 1
    doings.output += call.tokens.output
    addCall(doings.models, call, pricing)
  }
  return [...all.values()].map((doings) => rowOf(doings, day))
}

/** Teams, never people: sessions without anybody belong to the key. */
function whoOf({ session, billedTo }: DemoCall, isAttended: boolean): Doings['who'] {
  const id = billedTo?.apiKeyId ?? 'none'
  const actor = KEY_NAMES.find((key) => key.id === id)?.name ?? id
  if (isAttended) {
    const terminal = TERMINALS[Math.floor(createRandom(`terminal ${session}`).next() * TERMINALS.length)] ?? 'none'
    return { actorType: 'user', actor: `${actor}@example.com`, terminal, isRemote: false }
  }
  return { actorType: 'api_key', actor, terminal: 'none', isRemote: true }
}

function addCall(models: Map<string, ClaudeCodeModel>, call: DemoCall, pricing: Pricing): void {
  const { source, time, tokens, webSearches } = call
  const { model } = pricing.name(call.model)
  const terms = { speed: 'standard', usInference: false, tier: 'standard' } as const
  const { cost } = pricing.price({ source, model, time, tokens, terms, webSearches, recorded: null })
  const known = models.get(model)
  models.set(model, {
    model,
    input: (known?.input ?? 0) + tokens.input,
    output: (known?.output ?? 0) + tokens.output,
    cacheRead: (known?.cacheRead ?? 0) + tokens.cacheRead,
    cacheWrite: (known?.cacheWrite ?? 0) + tokens.cacheWrite5m + tokens.cacheWrite1h,
    estimatedPico: (known?.estimatedPico ?? 0n) + BigInt(cost),
  })
}

function rowOf({ who, sessions, models, calls, output }: Doings, day: number): ClaudeCodeRow {
  const commits = Math.floor(calls / CALLS_PER.commit)
  return {
    start: day,
    ...who,
    customerType: 'api',
    subscriptionType: 'none',
    sessions: sessions.size,
    linesAdded: Math.floor(output / TOKENS_PER_LINE.added),
    linesRemoved: Math.floor(output / TOKENS_PER_LINE.removed),
    commits,
    pullRequests: Math.floor(commits / COMMITS_PER_PULL_REQUEST),
    editsAccepted: Math.floor(calls / CALLS_PER.edit),
    editsRejected: Math.floor(calls / CALLS_PER.rejection),
    models: [...models.values()],
  }
}
