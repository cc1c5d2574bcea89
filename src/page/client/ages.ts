import { agoText } from '../moment.ts'

const AGE = /^(just now|in .+|.+ ago)$/

/** Writes how long ago times are now that are told so, in the server's words. `now`: epoch milliseconds. */
export function tellAges(now: number): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>('main time[datetime]')) {
    if (!AGE.test(time.textContent ?? '') || Number.isNaN(Date.parse(time.dateTime))) continue
    const text = agoText(time.dateTime, { at: now })
    if (time.textContent !== text) time.textContent = text
  }
}
