import type { Billing } from '../../core/usage.ts'
import type { LineOrigin } from './line.ts'
import type { LogPath } from './log-path.ts'

/** What is known of a log file beside its lines. */
export interface FileContext {
  readonly place: LogPath
  readonly billing: Billing
  /** Stands in for the time of lines without one, epoch milliseconds. */
  readonly modifiedMs: number
  readonly projectName: (cwd: string) => string
  /** Type of the agent that writes this file, from the file beside it; `''` where that does not tell. */
  readonly agentType: () => string
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Words for the labels of the lines of one file. */
export class FileWords {
  readonly #file: FileContext
  #agentType = ''
  #isAgentTypeAsked = false
  #folder = ''
  #project: string

  /** `project` is that of the last line that named a folder, `''` where there was none. */
  constructor(file: FileContext, project: string) {
    this.#file = file
    this.#project = project
  }

  /** As it goes into the state of the file. */
  get lastProject(): string {
    return this.#project
  }

  /** Project of the last line that named a folder, else that of the file's place. */
  get project(): string {
    return this.#project || this.#file.place.folder || 'unknown'
  }

  /** Project of a line. The name of the file's folder is only a fallback: it stands for several folders. */
  projectOf({ cwd }: LineOrigin): string {
    if (cwd === '') return this.#file.place.folder || 'unknown'
    if (cwd !== this.#folder) {
      this.#folder = cwd
      this.#project = this.#file.projectName(cwd)
    }
    return this.project
  }

  /** To be called once per block: the file that tells the agent's type may be written after the first lines. */
  refresh(): void {
    this.#isAgentTypeAsked = this.#agentType !== ''
  }

  agentOf({ agentId, isSidechain }: LineOrigin): string {
    if (this.#file.place.isSubagent) return this.#fileAgent()
    return agentId !== '' || isSidechain ? 'subagent' : 'none'
  }

  #fileAgent(): string {
    if (!this.#isAgentTypeAsked) {
      this.#isAgentTypeAsked = true
      this.#agentType = this.#file.agentType()
    }
    return this.#agentType || this.#file.place.agentLabel || 'subagent'
  }
}
