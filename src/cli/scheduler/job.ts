import type { CronFields } from './cron-fields.ts'

/** When a job begins. */
export interface JobTime {
  /** Five fields as `crontab` has them. */
  readonly expression: string
  readonly fields: CronFields
  /** IANA zone; null: the machine's, whatever that is when the job is due. */
  readonly timeZone: string | null
}

/** What a scheduler shall start, whatever its format. Paths are absolute. */
export interface ScheduledJob {
  /** Fit for a file name, a unit and a label. */
  readonly name: string
  /** One line of text. */
  readonly description: string
  /** Program and arguments. */
  readonly argv: readonly string[]
  /** Null: it runs all the time. */
  readonly time: JobTime | null
  /** Whether it reads its configuration again on SIGHUP. */
  readonly canReload: boolean
  /** Folder that relative paths of the arguments start at. */
  readonly workingFolder: string
  /** The user's home folder. */
  readonly home: string
  /** Folders it writes to: the ledger's and those of reports. */
  readonly writableFolders: readonly string[]
  /** The machine's zone of today. */
  readonly machineTimeZone: string
}

/** Files for a scheduler, and what to know and do about them. */
export interface SchedulerFiles {
  readonly files: readonly { readonly name: string; readonly text: string }[]
  /** Things that may surprise, a sentence or two each. */
  readonly notes: readonly string[]
  /** Commands that put the files to work. */
  readonly next: readonly string[]
}
