import { OWN } from './morph.ts'
import type { RefreshState } from './refresh.ts'

/**
 * Adds the line that says how current the page is, after the header of the page. It can be read at any time; told aloud is
 * only when the exporter can no longer be reached, and when it can again.
 */
export function createStatus(): (state: RefreshState) => void {
  const line = element('p', 'live')
  const text = element('span', 'live-text')
  const told = element('span', 'live-told')
  told.setAttribute('role', 'status')
  line.append(text, told)
  const header = document.querySelector('body > header')
  if (header === null) document.body.prepend(line)
  else header.after(line)
  let isStale = false
  return (state) => {
    const sentence = sentenceOf(state)
    text.textContent = sentence
    if ((state.kind === 'stale') === isStale) return
    isStale = !isStale
    line.classList.toggle('live-stale', isStale)
    told.textContent = isStale ? sentence : `Reached again. ${sentence}`
  }
}

function sentenceOf(state: RefreshState): string {
  if (state.kind === 'fresh') return `Updated ${timeOf(state.at)}`
  const { since, reason } = state
  return `Cannot be reached since ${timeOf(since)}: ${reason}. The figures are of then.`
}

const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', hourCycle: 'h23' })
const DAY_AND_TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })
/** A time of day alone would be taken for the last one. */
const HALF_A_DAY_MS = 12 * 3_600_000

function timeOf(instant: number): string {
  return (Math.abs(Date.now() - instant) < HALF_A_DAY_MS ? TIME : DAY_AND_TIME).format(instant)
}

function element(name: 'p' | 'span', className: string): HTMLElement {
  const made = document.createElement(name)
  made.className = className
  made.setAttribute(OWN, '')
  return made
}
