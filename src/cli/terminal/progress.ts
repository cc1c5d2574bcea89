import { durationText } from '../../core/duration-text.ts'
import type { Output } from '../io.ts'
import { bar, formatBytes, formatRatio } from './figures.ts'
import { displayWidth } from './width.ts'

const FIRST_SHOWN_MS = 500
const REDRAW_MS = 100
const BAR_COLUMNS = 24
type Unit = 'bytes' | 'windows'

const MIN_SHARE_FOR_ESTIMATE = 0.02

export interface Amount {
  /** In the unit of the bar. */
  readonly done: number
  readonly total: number
}

/** A progress bar on a terminal that stays away from work done at once, and shares the terminal with log lines. */
export class ProgressBar {
  readonly #out: Output
  readonly #label: string
  readonly #progress: () => Amount
  readonly #unit: Unit
  readonly #start = performance.now()
  readonly #timer: NodeJS.Timeout
  #isDrawn = false

  constructor(out: Output, label: string, progress: () => Amount, unit: Unit = 'bytes') {
    this.#out = out
    this.#label = label
    this.#progress = progress
    this.#unit = unit
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS)
    this.#timer.unref()
  }

  /** Writes a whole line above the bar. */
  write(line: string): void {
    this.#clear()
    this.#out.write(line)
  }

  end(): void {
    clearInterval(this.#timer)
    this.#clear()
  }

  #draw(): void {
    const elapsedMs = performance.now() - this.#start
    if (elapsedMs < FIRST_SHOWN_MS) return
    const text = progressText(this.#label, this.#progress(), elapsedMs, this.#out, this.#unit)
    this.#clear()
    this.#out.write(text)
    this.#isDrawn = true
  }

  #clear(): void {
    if (this.#isDrawn) this.#out.write('\r\u001b[2K')
    this.#isDrawn = false
  }
}

/** The bar as text; as much of it as the terminal has room for, because a line that wraps cannot be taken back. */
export function progressText(
  label: string,
  { done, total }: Amount,
  elapsedMs: number,
  out: Output,
  unit: Unit = 'bytes',
): string {
  const { style, width } = out
  if (total === 0) return label
  const share = Math.min(1, done / total)
  const filled = bar(share, BAR_COLUMNS)
  const track = style.dim('·'.repeat(BAR_COLUMNS - displayWidth(filled)))
  const left = share < MIN_SHARE_FOR_ESTIMATE ? '' : `, ${durationText((elapsedMs * (1 - share)) / share)} left`
  const parts = [
    { text: label, columns: displayWidth(label) },
    { text: style.cyan(filled) + track, columns: BAR_COLUMNS },
    ...[formatRatio(share), `${amountText(done, total, unit)}${left}`].map((text) => ({
      text,
      columns: displayWidth(text),
    })),
  ]
  let room = width - 1
  const shown = parts.filter(({ columns }) => {
    room -= columns + 2
    return room >= -2
  })
  return shown.map(({ text }) => text).join('  ')
}

function amountText(done: number, total: number, unit: Unit): string {
  return unit === 'bytes' ? `${formatBytes(done)} of ${formatBytes(total)}` : `${done} of ${total}`
}
