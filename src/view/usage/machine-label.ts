import type { MachineRow } from '../../ledger/machines.ts'
import { labelValue } from '../labels.ts'

/** `auto`: from the moment a second machine is known on. */
export type MachineLabelMode = 'auto' | 'always' | 'never'

/** Whether machines are told apart in what is shown. Once they are, they stay so. */
export class MachineLabel {
  readonly #mode: MachineLabelMode
  readonly #known = new Set<string>()
  #isShown: boolean

  constructor(mode: MachineLabelMode) {
    this.#mode = mode
    this.#isShown = mode === 'always'
  }

  get isShown(): boolean {
    return this.#isShown
  }

  /** Takes note of machines. True when they are told apart from now on, and were not before. */
  note(machines: Iterable<{ readonly machine: string }>): boolean {
    if (this.#isShown || this.#mode === 'never') return false
    for (const { machine } of machines) {
      this.#known.add(labelValue(machine))
      if (this.#known.size > 1) {
        this.#isShown = true
        this.#known.clear()
        return true
      }
    }
    return false
  }
}

/** Those that have told of a response: who only shows what others read is none to be told apart. */
export function withLogs(
  rows: readonly Pick<MachineRow, 'name' | 'newestAt'>[],
): readonly { readonly machine: string }[] {
  return rows.filter(({ newestAt }) => newestAt !== null).map(({ name }) => ({ machine: name }))
}
