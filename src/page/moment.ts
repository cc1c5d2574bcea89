import { durationText } from '../core/duration-text.ts'
import { nothing } from './figures.ts'
import { type Html, html } from './html.ts'

/** What times are told against. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly at: number
  readonly timeZone: string
  /** False in a file, in which an age would soon be wrong. */
  readonly isLive: boolean
}

/** A time of the API by the clock of its own zone: `2026-05-14 12:30`. */
export function clockText(time: string): string {
  return time.slice(0, 16).replace('T', ' ')
}

/** How long ago on a page that is live, with the time in the title; the time itself in a file. */
export function when(time: string | null, moment: Moment, reason = 'not known'): Html {
  if (time === null) return nothing(reason)
  const clock = clockText(time)
  if (!moment.isLive) return html`<time datetime="${time}">${clock}</time>`
  return html`<time datetime="${time}" title="${clock} ${moment.timeZone}">${agoText(time, moment)}</time>`
}

/** The time by the clock; the date only where it is another day. */
export function clock(time: string | null, moment: Moment, reason = 'not known'): Html {
  if (time === null) return nothing(reason)
  return html`<time datetime="${time}">${clockText(time)}</time> <small>(${agoText(time, moment)})</small>`
}

/** `2 min ago`, `in 3 h`. */
export function agoText(time: string, { at }: Pick<Moment, 'at'>): string {
  const ms = at - Date.parse(time)
  if (Math.abs(ms) < 1_000) return 'just now'
  const length = durationText(Math.abs(ms))
  return ms < 0 ? `in ${length}` : `${length} ago`
}
