import type { RhythmName } from './role.ts'

/** What a wall clock shows. */
export interface LocalHour {
  /** 0 to 23. */
  readonly hour: number
  /** 0 is Sunday. */
  readonly weekday: number
}

/** How busy an hour is, from 0 to about 1. */
export function busyness(rhythm: RhythmName, { hour, weekday }: LocalHour): number {
  const { days, workday, weekend } = RHYTHMS[rhythm]
  const hours = weekday === 0 || weekday === 6 ? weekend : workday
  return (days[weekday] ?? 0) * (hours[hour] ?? 0)
}

interface Rhythm {
  /** From Sunday on. */
  readonly days: readonly number[]
  /** From midnight on. */
  readonly workday: readonly number[]
  readonly weekend: readonly number[]
}

const OFFICE_DAY = [
  0.01, 0, 0, 0, 0, 0, 0.03, 0.2, 0.65, 0.95, 1, 0.95, 0.4, 0.55, 0.95, 1, 0.9, 0.6, 0.25, 0.12, 0.14, 0.12, 0.06, 0.03,
]
const FREE_DAY = [
  0.02, 0, 0, 0, 0, 0, 0, 0.02, 0.1, 0.3, 0.5, 0.5, 0.3, 0.3, 0.5, 0.6, 0.6, 0.4, 0.3, 0.4, 0.6, 0.6, 0.3, 0.1,
]
const EVENING = [0.1, 0, 0, 0, 0, 0, 0.1, 0.2, 0.1, 0, 0, 0.1, 0.3, 0.1, 0, 0, 0.1, 0.3, 0.5, 0.8, 1, 1, 0.7, 0.3]
const SERVICE_DAY = [
  0.65, 0.6, 0.6, 0.6, 0.6, 0.6, 0.65, 0.7, 0.8, 0.9, 1, 1, 0.9, 0.9, 1, 1, 0.95, 0.9, 0.85, 0.85, 0.8, 0.75, 0.7, 0.7,
]

const RHYTHMS: Readonly<Record<RhythmName, Rhythm>> = {
  office: { days: [0.12, 0.95, 1.05, 1.1, 1, 0.8, 0.15], workday: OFFICE_DAY, weekend: FREE_DAY },
  leisure: { days: [1, 0.8, 0.8, 0.8, 0.8, 0.6, 0.9], workday: EVENING, weekend: FREE_DAY },
  service: { days: [0.8, 1.05, 1, 1, 1, 1, 0.8], workday: SERVICE_DAY, weekend: SERVICE_DAY },
}
