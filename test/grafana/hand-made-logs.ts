import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { humanLine } from '../support/claude-line.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

interface Work {
  readonly project: string
  readonly model: string
  /** Of OpenClaw; null is Claude Code without a name. */
  readonly agent: string | null
  readonly weight: number
}

const WORK: readonly Work[] = [
  { project: 'shop', model: 'claude-opus-4-8', agent: null, weight: 3 },
  { project: 'shop', model: 'claude-haiku-4-5', agent: null, weight: 2 },
  { project: 'blog', model: 'claude-sonnet-4-6', agent: null, weight: 1 },
  { project: 'search', model: 'claude-sonnet-4-6', agent: 'reviewer', weight: 2 },
  { project: 'search', model: 'claude-opus-4-8', agent: 'planner', weight: 1 },
  { project: 'billing', model: 'claude-fable-5', agent: 'planner', weight: 0.5 },
  { project: 'blog', model: 'claude-unheard-of-1', agent: null, weight: 0.1 },
]

let responses = 0

/** Logs of `days` days of work on several projects with several models and agents, up to `now`. */
export function writeHistory(home: string, days: number, now: number): void {
  for (const [index, work] of WORK.entries()) {
    for (let day = days; day >= 0; day--) {
      const atWork = [9, 11, 14, 16].map((hour) => startOfDay(now - day * DAY_MS) + (hour + index / 8) * HOUR_MS)
      // Every hour has its usual, whenever this runs.
      const times = [...atWork, now - day * DAY_MS - HOUR_MS / 2]
      for (const time of times.filter((at) => at < now - HOUR_MS)) respond(home, work, `${day}`, time)
    }
    respond(home, work, 'now', now - 70_000)
  }
}

/** One more response of everybody, in a new session. */
export function goOn(home: string, now: number): void {
  for (const work of WORK) respond(home, work, String(now), now)
}

function respond(home: string, work: Work, session: string, time: number): void {
  responses += 1
  const id = String(responses).padStart(20, '0')
  const name = `${session}-${work.project}-${work.model}`
  if (work.agent === null) {
    const path = join(home, '.claude', 'projects', `-src-${work.project}`, `${name}.jsonl`)
    const human = humanLine({ time: time - 1000, session: name })
    append(path, `${human}${JSON.stringify(claudeCode(work, id, name, time))}\n`)
  } else {
    const path = join(home, '.openclaw', 'agents', work.agent, 'sessions', `${name}.jsonl`)
    append(
      path,
      openClaw(work, id, name, time)
        .map((entry) => `${JSON.stringify(entry)}\n`)
        .join(''),
    )
  }
}

function claudeCode({ project, model, weight }: Work, id: string, session: string, time: number): object {
  return {
    type: 'assistant',
    uuid: id,
    requestId: `req_${id}`,
    isSidechain: false,
    cwd: `/src/${project}`,
    sessionId: session,
    version: '2.1.126',
    timestamp: new Date(time).toISOString(),
    message: {
      id: `msg_${id}`,
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text: 'ok' }],
      stop_reason: 'end_turn',
      usage: {
        input_tokens: weighed(4_000, weight),
        cache_creation_input_tokens: weighed(70_000, weight),
        cache_creation: {
          ephemeral_5m_input_tokens: weighed(50_000, weight),
          ephemeral_1h_input_tokens: weighed(20_000, weight),
        },
        cache_read_input_tokens: weighed(900_000, weight),
        output_tokens: weighed(25_000, weight),
      },
    },
  }
}

function openClaw({ project, model, weight }: Work, id: string, session: string, time: number): object[] {
  const timestamp = new Date(time).toISOString()
  return [
    { type: 'session', version: 3, id: session, timestamp, cwd: `/src/${project}` },
    {
      type: 'message',
      id: `a${id}`,
      parentId: null,
      timestamp,
      message: {
        role: 'assistant',
        provider: 'anthropic',
        model,
        stopReason: 'stop',
        timestamp: time,
        content: [],
        usage: {
          input: weighed(9_000, weight),
          output: weighed(20_000, weight),
          cacheRead: weighed(500_000, weight),
          cacheWrite: weighed(60_000, weight),
        },
      },
    },
  ]
}

function append(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  appendFileSync(path, text)
}

function weighed(tokens: number, weight: number): number {
  return Math.round(tokens * weight)
}

function startOfDay(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS
}
