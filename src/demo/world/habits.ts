import type { Helper, SessionHabit } from './role.ts'

const EXPLORER: Helper = { agent: 'Explore', model: 'claude-haiku-5-5', share: 0.025, calls: [4, 14] }
const REVIEWER: Helper = { agent: 'code-reviewer', model: 'claude-sonnet-5-5', share: 0.02, calls: [5, 12] }

/** Someone at a keyboard, with an agent that works for a few minutes after each prompt. */
const CODING: SessionHabit = {
  calls: [8, 46],
  pauseSeconds: [9, 75],
  turnEvery: [2, 10],
  thinkingSeconds: [40, 640],
  openingTokens: [22_000, 46_000],
  addedTokens: [700, 12_500],
  outputTokens: [200, 3_900],
  contextLimit: 180_000,
  cache: '1h',
  searchShare: 0.012,
  helper: null,
}

/** An agent that nobody talks to. */
const JOB: SessionHabit = {
  ...CODING,
  turnEvery: null,
  cache: '5m',
  searchShare: 0,
}

export const HABITS = {
  feature: { ...CODING, helper: EXPLORER },
  backend: { ...CODING, addedTokens: [900, 14_000], helper: REVIEWER },
  /** Short cache lifetime: every longer pause writes the prompt anew. */
  pipeline: { ...CODING, calls: [8, 36], cache: '5m' },
  prose: { ...CODING, calls: [5, 26], addedTokens: [300, 4_000], outputTokens: [300, 3_600], searchShare: 0.05 },
  operations: { ...CODING, calls: [4, 24], addedTokens: [300, 4_500], cache: '5m' },
  research: {
    ...CODING,
    calls: [5, 28],
    addedTokens: [1_500, 14_000],
    outputTokens: [300, 4_200],
    cache: '5m',
    searchShare: 0,
  },
  analysis: { ...CODING, calls: [4, 24], addedTokens: [600, 7_000], cache: 'automatic', searchShare: 0 },
  plan: { ...CODING, calls: [6, 18], thinkingSeconds: [60, 500], cache: '5m', searchShare: 0 },
  review: {
    ...JOB,
    calls: [4, 13],
    pauseSeconds: [12, 70],
    openingTokens: [14_000, 42_000],
    addedTokens: [800, 7_000],
  },
  /** Customers write and wait. */
  ticket: {
    ...JOB,
    calls: [7, 22],
    pauseSeconds: [100, 290],
    turnEvery: [1, 3],
    thinkingSeconds: [80, 290],
    openingTokens: [9_000, 15_000],
    addedTokens: [200, 2_600],
    outputTokens: [120, 900],
  },
  nightJob: { ...JOB, calls: [26, 52], pauseSeconds: [15, 95], addedTokens: [900, 7_500] },
  digest: {
    ...JOB,
    calls: [3, 9],
    pauseSeconds: [30, 120],
    openingTokens: [6_000, 14_000],
    addedTokens: [900, 4_000],
    cache: 'none',
  },
  /** Thirty looks in four hours: never longer than ten minutes apart, and on until the next session begins. */
  watch: {
    ...JOB,
    calls: [30, 30],
    pauseSeconds: [480, 560],
    openingTokens: [7_000, 9_500],
    addedTokens: [150, 1_300],
    outputTokens: [40, 260],
    cache: '1h',
  },
  /** The same, never longer than five minutes apart. */
  watchClosely: {
    ...JOB,
    calls: [56, 56],
    pauseSeconds: [262, 292],
    openingTokens: [7_000, 9_500],
    addedTokens: [150, 1_300],
    outputTokens: [40, 260],
    cache: '1h',
  },
  /** Short turns, one after the other. */
  pairing: {
    ...CODING,
    calls: [1_000, 1_000],
    pauseSeconds: [4, 14],
    turnEvery: [2, 8],
    thinkingSeconds: [8, 30],
    openingTokens: [18_000, 24_000],
    addedTokens: [100, 900],
    outputTokens: [60, 700],
    contextLimit: 60_000,
  },
  /** One prompt, and then the same attempt over and over again. */
  endlessAttempt: {
    ...JOB,
    calls: [1_000, 1_000],
    pauseSeconds: [2, 5],
    turnEvery: [1_000, 1_000],
    openingTokens: [186_000, 192_000],
    addedTokens: [60, 420],
    outputTokens: [60, 300],
    contextLimit: 600_000,
  },
  /** What the agent above starts along the way. */
  endlessHelp: {
    ...JOB,
    calls: [1_000, 1_000],
    pauseSeconds: [4, 13],
    openingTokens: [20_000, 34_000],
    addedTokens: [300, 2_400],
    outputTokens: [120, 800],
  },
  /** A job that starts again whenever it fails. */
  endlessJob: { ...JOB, calls: [2_000, 2_000], pauseSeconds: [3, 11], addedTokens: [600, 4_200] },
} as const satisfies Readonly<Record<string, SessionHabit>>
