import type { DemoCall } from '../world.ts'
import { openConversation } from './conversation.ts'
import { createRandom, type Random, type Range, randomUuid } from './random.ts'
import type { Helper, Role, SessionHabit } from './role.ts'

/** A session of a role, before its calls are made. Times are epoch milliseconds. */
export interface SessionPlan {
  readonly role: Role
  /** Unique; all chance in the session follows from it. */
  readonly key: string
  readonly start: number
  /** No call at or after it. */
  readonly until: number
  readonly model: string
  readonly habit: SessionHabit
  readonly losesCache: boolean
}

/** What the sub-agents of a session are like; they begin with a prompt of their own. */
const HELPER_HABIT = {
  openingTokens: [8_000, 16_000],
  addedTokens: [600, 6_000],
  outputTokens: [120, 1_200],
  contextLimit: 180_000,
  cache: '5m',
} as const
const HELPER_PAUSE_SECONDS: Range = [5, 22]

/** From the begin of a session to its first answer. */
const OPENING_MS = 2_000
const ID_DIGITS = 24
const ID_PREFIX: ReadonlyMap<string, string> = new Map([
  ['anthropic', 'msg_01'],
  ['openai', 'resp_'],
])

/** All calls of a session, those of its sub-agents between the others, ascending by time. */
export function sessionCalls(plan: SessionPlan): readonly DemoCall[] {
  const { role, habit, until } = plan
  const random = createRandom(plan.key)
  const log = openLog(plan, random)
  const conversation = openConversation(habit, plan.losesCache, random)
  const count = random.within(habit.calls)
  let time = plan.start + OPENING_MS
  let callsToTurn = habit.turnEvery === null ? Number.POSITIVE_INFINITY : 0
  for (let made = 0; made < count; made++) {
    const followsHuman = callsToTurn <= 0
    if (made > 0) time += pause(random, followsHuman ? habit.thinkingSeconds : habit.pauseSeconds)
    if (time >= until) break
    if (followsHuman && habit.turnEvery !== null) callsToTurn = random.within(habit.turnEvery)
    callsToTurn--
    const webSearches = random.chance(habit.searchShare) ? random.within([1, 3]) : 0
    log.add({
      time,
      agent: role.agent,
      model: plan.model,
      tokens: conversation.next(time),
      webSearches,
      followsHuman,
    })
    if (habit.helper !== null && random.chance(habit.helper.share)) time = addHelper(log, habit.helper, time, random)
  }
  return log.calls
}

/** Lets a sub-agent work; gives the time when it is done. */
function addHelper(log: Log, { agent, model, calls }: Helper, start: number, random: Random): number {
  const conversation = openConversation(HELPER_HABIT, false, random)
  const count = random.within(calls)
  let time = start
  for (let made = 0; made < count; made++) {
    time += pause(random, HELPER_PAUSE_SECONDS)
    log.add({ time, agent, model, tokens: conversation.next(time), webSearches: 0, followsHuman: false })
  }
  return time
}

interface Log {
  readonly calls: readonly DemoCall[]
  add(call: LoggedCall): void
}

type LoggedCall = Pick<DemoCall, 'time' | 'agent' | 'model' | 'tokens' | 'webSearches' | 'followsHuman'>

function openLog({ role, start, until }: SessionPlan, random: Random): Log {
  const { source, project, provider, billedTo } = role
  // Files of pi are named after the begin of the session, which its id therefore holds.
  const session = randomUuid(random, source === 'pi' ? start : null)
  const prefix = ID_PREFIX.get(provider) ?? 'chatcmpl-'
  const calls: DemoCall[] = []
  return {
    calls,
    add({ time, agent, model, tokens, webSearches, followsHuman }) {
      const id = prefix + random.digits(ID_DIGITS, 36)
      if (time >= until) return
      calls.push({
        time,
        source,
        agent,
        project,
        provider,
        model,
        session,
        id,
        tokens,
        webSearches,
        followsHuman,
        billedTo,
      })
    },
  }
}

function pause(random: Random, seconds: Range): number {
  return random.within(seconds) * 1000 + random.within([0, 999])
}
