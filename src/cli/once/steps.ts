import { inspect } from 'node:util'
import { OperatorError } from '../../core/errors.ts'
import { LedgerError } from '../../ledger/ledger.ts'
import { escapeControls } from '../../lib/escape.ts'
import { jsonText } from '../../report/json.ts'
import type { Io } from '../io.ts'
import { ledgerErrorFix } from '../ledger/failure.ts'
import { formatCount } from '../terminal/figures.ts'
import { wrap } from '../terminal/wrap.ts'

/** What was done, how long it took and what came of it. */
export interface Step {
  /** Such as `read logs`. */
  readonly step: string
  /** What it was about: a source, an organisation, a file. */
  readonly about: string
  readonly seconds: number
  readonly result: 'ok' | 'failed'
  /** What came of it, or what went wrong, in words. */
  readonly text: string
  /** What to do; null where nothing went wrong. */
  readonly fix: string | null
  /** The same for programs. */
  readonly figures: Readonly<Record<string, number | string | boolean>>
}

const STEP_COLUMNS = 17

/** Takes steps as they are done: lines at once, or JSON at the end. */
export class StepLog {
  readonly #io: Pick<Io, 'stdout'>
  readonly #isJson: boolean
  readonly #steps: Step[] = []
  readonly #start = performance.now()

  constructor(io: Pick<Io, 'stdout'>, isJson: boolean) {
    this.#io = io
    this.#isJson = isJson
  }

  add(step: Step): void {
    this.#steps.push(step)
    if (!this.#isJson) this.#io.stdout.write(this.#lines(step))
  }

  /** Something to know that is no step. */
  note(text: string): void {
    const { style, width } = this.#io.stdout
    if (this.#isJson) return
    for (const line of wrap(escapeControls(text), width)) this.#io.stdout.write(`${style.dim(line)}\n`)
  }

  /** Tells the whole result and returns the exit code. */
  end(facts: Readonly<Record<string, unknown>>): number {
    const { stdout } = this.#io
    const seconds = (performance.now() - this.#start) / 1_000
    const failed = this.#steps.filter(({ result }) => result === 'failed').length
    if (this.#isJson) {
      const steps = this.#steps.map(({ figures, ...step }) => ({ ...step, ...figures }))
      const result = failed === 0 ? 'ok' : 'failed'
      stdout.write(jsonText({ schemaVersion: 1, command: 'once', ...facts, result, seconds, steps }))
    } else {
      const count = this.#steps.length
      const outcome =
        failed === 0 ? stdout.style.green('all went well') : stdout.style.red(`${formatCount(failed)} failed`)
      stdout.write(
        `Done in ${secondsText(seconds)}: ${formatCount(count)} ${count === 1 ? 'step' : 'steps'}, ${outcome}.\n`,
      )
    }
    return failed === 0 ? 0 : 1
  }

  #lines({ step, about, seconds, result, text, fix }: Step): string {
    const { style } = this.#io.stdout
    const state = result === 'ok' ? style.green('ok    ') : style.red('failed')
    const columns = [
      step.padEnd(STEP_COLUMNS),
      secondsText(seconds).padStart(9),
      state,
      escapeControls(`${about}: ${text}`),
    ]
    const hint = fix === null ? '' : `  ${escapeControls(fix)}\n`
    return `${columns.join('  ')}\n${hint}`
  }
}

/** Does a step and tells what came of it; a failure is part of that. Gives null where it failed. */
export async function doStep<Result>(
  log: StepLog,
  { step, about }: Pick<Step, 'step' | 'about'>,
  work: () => Promise<Result>,
  told: (result: Result) => Pick<Step, 'text' | 'figures'>,
): Promise<Result | null> {
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1_000
  try {
    const result = await work()
    log.add({ step, about, seconds: seconds(), result: 'ok', fix: null, ...told(result) })
    return result
  } catch (error) {
    log.add({ ...failedStep(step, about, error), seconds: seconds() })
    return null
  }
}

/** A step that an error ended, with what to do about it. */
export function failedStep(step: string, about: string, error: unknown): Step {
  return { step, about, seconds: 0, result: 'failed', figures: {}, ...failure(error) }
}

/** What went wrong and what to do about it. */
function failure(error: unknown): Pick<Step, 'text' | 'fix'> {
  if (error instanceof OperatorError) {
    const seen =
      error.seen === undefined ? '' : ` (got ${typeof error.seen === 'string' ? error.seen : inspect(error.seen)})`
    return { text: `${error.message}${seen}`, fix: error.fix ?? null }
  }
  if (error instanceof LedgerError) {
    return { text: `The ledger failed: ${error.message}`, fix: ledgerErrorFix(error.failure) }
  }
  return {
    text: `This is a bug in claude-usage-exporter: ${error instanceof Error ? error.message : String(error)}`,
    fix: null,
  }
}

function secondsText(seconds: number): string {
  return `${seconds.toFixed(2)} s`
}
