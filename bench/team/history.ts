import type { UsageRecord } from '../../src/core/usage.ts'

/** Lines of one session file. */
export const SESSION_LINES = 100

/** How a team's history is spread over its machines. */
export interface TeamShape {
  readonly machines: number
  /** Lines on each machine, copies included. */
  readonly linesPerMachine: number
  /** Share of a machine's lines that stand on the next machine, too, as in a folder that is synced. */
  readonly overlap: number
  /** The history ends about then, epoch milliseconds. */
  readonly nowMs: number
}

export interface TeamTotals {
  responses: number
  input: number
  cacheRead: number
  output: number
}

const MODELS = ['claude-opus-4-8', 'claude-sonnet-4-5', 'claude-haiku-4-5'] as const
const AGENTS = ['none', 'none', 'Explore', 'reviewer'] as const
const DAYS = 30
const DAY_MS = 86_400_000

/** Sessions of a machine in the order in which it reads them: its own, and between them those of the next machine. */
export function sessionsOf(machine: number, shape: TeamShape): readonly number[] {
  const { own, copied } = counts(shape)
  const next = ((machine + 1) % shape.machines) * own
  const mine = Array.from({ length: own }, (_, index) => machine * own + index)
  const copies = Array.from({ length: copied }, (_, index) => next + index)
  const step = copied === 0 ? own : Math.max(1, Math.floor(own / copied))
  return mine.flatMap((session, index) => {
    const copy = index % step === 0 ? copies[index / step] : undefined
    return copy === undefined ? [session] : [session, copy]
  })
}

/** What the whole team used: every response once. It follows from the numbers alone, not from what a ledger does. */
export function totalsOf(shape: TeamShape): TeamTotals {
  const responses = shape.machines * counts(shape).own * SESSION_LINES
  const totals = { responses, input: 0, cacheRead: 0, output: 0 }
  for (let index = 0; index < responses; index++) {
    totals.input += inputOf(index)
    totals.cacheRead += cacheReadOf(index)
    totals.output += outputOf(index)
  }
  return totals
}

/** The lines of a session, as a machine reads them. */
export function recordsOf(session: number, shape: TeamShape): UsageRecord[] {
  const total = shape.machines * counts(shape).own
  const start = shape.nowMs - DAYS * DAY_MS + Math.floor((session / total) * (DAYS - 1) * DAY_MS)
  return Array.from({ length: SESSION_LINES }, (_, line) => record(session, line, start + line * 20_000))
}

function record(session: number, line: number, time: number): UsageRecord {
  const index = session * SESSION_LINES + line
  const output = outputOf(index)
  const tokens = {
    input: inputOf(index),
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: cacheReadOf(index),
    output,
  }
  return {
    source: 'claude-code',
    identity: `m:msg_01team${String(index).padStart(16, '0')}`,
    shadows: null,
    winRank: 3,
    rankOutput: output,
    rankTotal: output + tokens.input + tokens.cacheRead,
    timestamp: new Date(time).toISOString(),
    uuid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    parts: [{ model: MODELS[session % MODELS.length] ?? MODELS[0], tokens, webSearches: 0 }],
    terms: { speed: 'standard', usInference: false, tier: 'standard' },
    reasoning: 0,
    unsplit: 0,
    recordedCost: null,
    flags: 0,
    ownerRank: 0,
    time,
    fileTime: time,
    session: `session-${session}`,
    paidBy: null,
    agent: AGENTS[session % AGENTS.length] ?? 'none',
    project: `project-${session % 40}`,
    branch: '',
    provider: '',
    billing: 'metered',
    settled: true,
  }
}

function counts({ linesPerMachine, overlap }: TeamShape) {
  const sessions = Math.max(1, Math.round(linesPerMachine / SESSION_LINES))
  const copied = Math.min(Math.floor(sessions / 2), Math.round(sessions * overlap))
  return { own: sessions - copied, copied }
}

const inputOf = (index: number) => 3 + (index % 11)
const cacheReadOf = (index: number) => 20_000 + (index % 977)
const outputOf = (index: number) => 50 + (index % 409)
