import type { ScanOutput } from '../files/format.ts'
import { type FileContext, FileWords } from './file-context.ts'
import type { CostStateLine, LineOrigin, ParsedLine, ResponseLine, SyntheticLine } from './line.ts'
import { OpenResponses } from './open-responses.ts'
import type { ScannerState } from './scanner-state.ts'
import { errorRecord, type FileLabels, responseRecord, searchRecord } from './to-record.ts'

/** Turns the lines of one file into records, in the order of the file. */
export class LineCollector {
  readonly #file: FileContext
  readonly #words: FileWords
  readonly #open: OpenResponses
  #firstTime: number | null
  #lastTime: number | null
  #continues: string

  constructor(file: FileContext, state: ScannerState) {
    this.#file = file
    this.#words = new FileWords(file, state.project)
    this.#open = new OpenResponses(state.open)
    this.#firstTime = state.firstTime
    this.#lastTime = state.lastTime
    this.#continues = state.continues
  }

  get isDated(): boolean {
    return this.#firstTime !== null
  }

  /** Takes the time of the first line that has one, epoch milliseconds. */
  date(time: number): void {
    this.#firstTime = time
  }

  startBlock(): void {
    this.#words.refresh()
  }

  add(line: ParsedLine | 'oversize', out: ScanOutput): void {
    if (line === 'nothing') return
    if (line === 'malformed' || line === 'oversize') {
      out.reject(line)
      return
    }
    if (line.badValue) out.reject('bad_value')
    if (line.badTime) out.reject('bad_time')
    this.#lastTime = line.origin.time ?? this.#lastTime
    switch (line.kind) {
      case 'response':
        this.#addResponse(line, out)
        break
      case 'synthetic':
        this.#addSynthetic(line, out)
        break
      case 'search':
        if (line.searches > 0) out.records.push(searchRecord(line, this.#labels(line.origin)))
        break
      case 'cost-state':
        this.#addClaims(line, out)
    }
  }

  state(): ScannerState {
    return {
      firstTime: this.#firstTime,
      lastTime: this.#lastTime,
      project: this.#words.lastProject,
      continues: this.#continues,
      open: this.#open.identities(),
    }
  }

  #addResponse(line: ResponseLine, out: ScanOutput): void {
    const { origin, isEcho } = line
    const labels = this.#labels(origin)
    const record = responseRecord(line, isEcho ? { ...labels, agent: 'subagent' } : labels)
    out.records.push(record)
    if (isEcho) return
    this.#open.note(agentKey(origin), record, out)
    // Copies made by /branch have both marks, and their session counts from zero.
    if (origin.paidBy !== '' && !origin.isFork) this.#continues = origin.paidBy
  }

  #addSynthetic(line: SyntheticLine, out: ScanOutput): void {
    this.#open.end(agentKey(line.origin), out)
    if (line.isApiError) out.records.push(errorRecord(line, this.#labels(line.origin)))
  }

  #addClaims({ origin, totals }: CostStateLine, out: ScanOutput): void {
    const project = origin.cwd === '' ? this.#words.project : this.#words.projectOf(origin)
    const time = origin.time ?? this.#lastTime ?? this.#firstTime ?? this.#file.modifiedMs
    const continues = this.#continues === '' || this.#continues === origin.session ? null : this.#continues
    for (const total of totals) {
      out.claims.push({ source: 'claude-code', session: origin.session, project, time, continues, ...total })
    }
  }

  #labels(origin: LineOrigin): FileLabels {
    return {
      billing: this.#file.billing,
      fileTime: this.#firstTime ?? this.#file.modifiedMs,
      modifiedMs: this.#file.modifiedMs,
      agent: this.#words.agentOf(origin),
      project: this.#words.projectOf(origin),
    }
  }
}

/** Agents write side by side; old releases put sub-agents into the file of their parent without an id. */
function agentKey({ agentId, isSidechain }: LineOrigin): string {
  return agentId === '' && isSidechain ? 'sidechain' : agentId
}
