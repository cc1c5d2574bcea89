import type { SourceName } from '../../core/usage.ts'
import type { DemoCall } from '../world.ts'
import type { Range } from './random.ts'

/** Somebody or something that keeps working on one project with one agent. */
export interface Role {
  /** Unique: all chance follows from it. */
  readonly name: string
  readonly source: SourceName
  readonly agent: string | null
  readonly project: string
  readonly provider: string
  /** Never empty, ascending: which model from when on. The first is from 0. */
  readonly models: readonly { readonly from: HistoryShare; readonly model: string }[]
  /** When the work on the project begins and ends; absent: it goes on all the time. */
  readonly life?: { readonly from: HistoryShare; readonly until: HistoryShare }
  /** Use at the beginning of history as a share of the use at its end. */
  readonly growsFrom: number
  readonly schedule: Schedule
  readonly habit: SessionHabit
  /** True for the one whose prompts no longer match the cache in the last days. */
  readonly losesCache?: boolean
  readonly billedTo: DemoCall['billedTo']
}

/** 0 is the beginning of history, 1 the moment somebody begins to look; beyond 1 is the time after it. */
export type HistoryShare = number

/** When sessions begin: as people do, or by the clock. */
export type Schedule =
  | {
      readonly kind: 'people'
      readonly rhythm: RhythmName
      /** Sessions begun per hour where the rhythm is 1. */
      readonly perHour: number
    }
  | {
      readonly kind: 'cron'
      /** Hours of the day in UTC, and the minute of them. */
      readonly hours: readonly number[]
      readonly minute: number
      readonly weekdaysOnly: boolean
    }

export type RhythmName = 'office' | 'leisure' | 'service'

/** What the sessions of a role are like. */
export interface SessionHabit {
  /** Calls of a session, without those of helpers. */
  readonly calls: Range
  /** Between two calls. */
  readonly pauseSeconds: Range
  /** Calls from one turn of a human to the next; null where no human writes. */
  readonly turnEvery: Range | null
  /** Before a turn of a human that is not the first. */
  readonly thinkingSeconds: Range
  /** System prompt, tools and the first task. */
  readonly openingTokens: Range
  /** What a call adds to the prompt: results of tools, or what a human said. */
  readonly addedTokens: Range
  readonly outputTokens: Range
  /** Prompts do not get longer: the conversation is summarised. */
  readonly contextLimit: number
  /** Lifetime of what goes to the cache; `automatic`: reads but no writes, as other providers do; `none`: no cache. */
  readonly cache: '5m' | '1h' | 'automatic' | 'none'
  /** Share of the calls that search the web. */
  readonly searchShare: number
  /** Sub-agents that work for the session now and then. */
  readonly helper: Helper | null
}

export interface Helper {
  readonly agent: string
  readonly model: string
  /** Share of the session's calls after which one sets out. */
  readonly share: number
  readonly calls: Range
}
