import { ACCOUNTS } from './accounts.ts'
import { HABITS } from './habits.ts'
import type { Role } from './role.ts'

const EVERY_FOURTH_HOUR = Array.from({ length: 6 }, (_, index) => 4 * index)
const EVERY_THIRD_HOUR = Array.from({ length: 8 }, (_, index) => 3 * index)
const always = (model: string) => [{ from: 0, model }]
const office = (perHour: number) => ({ kind: 'people', rhythm: 'office', perHour }) as const

const claudeCode = { source: 'claude-code', agent: null, provider: 'anthropic' } as const
const openClaw = { source: 'openclaw', provider: 'anthropic', billedTo: ACCOUNTS.agents } as const
/** Covered by a plan. Its logs do not tell of web searches. */
const pi = { source: 'pi', agent: null, billedTo: null } as const

/** The one that runs away while somebody looks. */
export const LIVE_RUNAWAY: Role = {
  ...openClaw,
  name: 'reviewer',
  agent: 'reviewer',
  project: 'payments-api',
  models: always('claude-sonnet-5-5'),
  growsFrom: 0.6,
  schedule: office(0.7),
  habit: HABITS.review,
}

/** The one that ran all night. */
export const NIGHT_RUNAWAY: Role = {
  ...openClaw,
  name: 'nightly',
  agent: 'nightly',
  project: 'shop-frontend',
  models: always('claude-opus-5-5'),
  growsFrom: 1,
  schedule: { kind: 'cron', hours: [1], minute: 10, weekdaysOnly: false },
  habit: HABITS.nightJob,
}

/** The one at work while somebody looks for the first time. */
export const FIRST_LOOK: Role = {
  ...claudeCode,
  name: 'pairing',
  project: 'shop-frontend',
  models: always('claude-haiku-5-5'),
  growsFrom: 1,
  schedule: office(0),
  habit: HABITS.pairing,
  billedTo: ACCOUNTS.web,
}

/** Everybody who works in the demo. */
export const ROLES: readonly Role[] = [
  {
    ...claudeCode,
    name: 'shop',
    project: 'shop-frontend',
    models: [
      { from: 0, model: 'claude-sonnet-5' },
      { from: 0.42, model: 'claude-sonnet-5-5' },
    ],
    growsFrom: 0.75,
    schedule: office(0.36),
    habit: HABITS.feature,
    billedTo: ACCOUNTS.web,
  },
  {
    ...claudeCode,
    name: 'payments',
    project: 'payments-api',
    models: [
      { from: 0, model: 'claude-opus-5' },
      { from: 0.6, model: 'claude-opus-5-5' },
    ],
    growsFrom: 0.8,
    schedule: office(0.3),
    habit: HABITS.backend,
    billedTo: ACCOUNTS.platform,
  },
  {
    ...claudeCode,
    name: 'pipeline',
    project: 'data-pipeline',
    models: always('claude-sonnet-5-5'),
    growsFrom: 0.8,
    schedule: office(0.28),
    habit: HABITS.pipeline,
    losesCache: true,
    billedTo: ACCOUNTS.data,
  },
  {
    ...claudeCode,
    name: 'docs',
    project: 'docs-site',
    models: always('claude-sonnet-4-5-20250929'),
    life: { from: Number.NEGATIVE_INFINITY, until: 0.68 },
    growsFrom: 1,
    schedule: office(0.22),
    habit: HABITS.prose,
    billedTo: ACCOUNTS.web,
  },
  {
    ...claudeCode,
    name: 'mobile',
    project: 'mobile-app',
    models: always('claude-opus-5-5'),
    life: { from: 0.5, until: Number.POSITIVE_INFINITY },
    growsFrom: 0.4,
    schedule: office(0.4),
    habit: HABITS.feature,
    billedTo: ACCOUNTS.mobile,
  },
  {
    ...claudeCode,
    name: 'infra',
    project: 'infra',
    models: always('claude-haiku-4-5-20251001'),
    growsFrom: 0.8,
    schedule: office(0.2),
    habit: HABITS.operations,
    billedTo: ACCOUNTS.platform,
  },
  {
    ...openClaw,
    name: 'planner',
    agent: 'planner',
    project: 'shop-frontend',
    models: [
      { from: 0, model: 'claude-fable-5-1' },
      { from: 0.8, model: 'claude-fable-5-2' },
    ],
    growsFrom: 1,
    schedule: { kind: 'cron', hours: [7], minute: 40, weekdaysOnly: true },
    habit: HABITS.plan,
  },
  LIVE_RUNAWAY,
  {
    ...openClaw,
    name: 'support',
    agent: 'support',
    project: 'support-bot',
    models: always('claude-sonnet-5-5'),
    life: { from: 0.5, until: Number.POSITIVE_INFINITY },
    growsFrom: 0.02,
    schedule: { kind: 'people', rhythm: 'service', perHour: 2 },
    habit: HABITS.ticket,
  },
  NIGHT_RUNAWAY,
  {
    ...openClaw,
    name: 'digest',
    agent: 'watcher',
    project: 'infra',
    provider: 'ollama',
    models: always('qwen3-coder:30b'),
    growsFrom: 1,
    schedule: { kind: 'cron', hours: EVERY_THIRD_HOUR, minute: 25, weekdaysOnly: false },
    habit: HABITS.digest,
    billedTo: null,
  },
  {
    ...openClaw,
    name: 'watcher',
    agent: 'watcher',
    project: 'infra',
    models: always('claude-haiku-5-5'),
    life: { from: Number.NEGATIVE_INFINITY, until: 0.9 },
    growsFrom: 1,
    schedule: { kind: 'cron', hours: EVERY_FOURTH_HOUR, minute: 0, weekdaysOnly: false },
    habit: HABITS.watch,
  },
  {
    ...openClaw,
    name: 'close-watcher',
    agent: 'watcher',
    project: 'infra',
    models: always('claude-haiku-5-5'),
    life: { from: 0.9, until: Number.POSITIVE_INFINITY },
    growsFrom: 1,
    schedule: { kind: 'cron', hours: EVERY_FOURTH_HOUR, minute: 0, weekdaysOnly: false },
    habit: HABITS.watchClosely,
  },
  {
    ...pi,
    name: 'research',
    project: 'research-notes',
    provider: 'anthropic',
    models: always('claude-opus-5-5'),
    growsFrom: 0.7,
    schedule: { kind: 'people', rhythm: 'leisure', perHour: 0.3 },
    habit: HABITS.research,
  },
  {
    ...pi,
    name: 'pricing-model',
    project: 'pricing-model',
    provider: 'anthropic',
    models: always('claude-sonnet-5-5'),
    growsFrom: 0.6,
    schedule: office(0.16),
    habit: { ...HABITS.operations, searchShare: 0 },
  },
  {
    ...pi,
    name: 'analytics',
    project: 'analytics',
    provider: 'openai',
    models: always('gpt-5.2-codex'),
    growsFrom: 0.6,
    schedule: office(0.22),
    habit: HABITS.analysis,
  },
]
