/** Local times between which scheduled runs happen, `HH:MM`, the end exclusive; `to` before `from` is over midnight. */
export interface ActiveHours {
  readonly from: string
  readonly to: string
}

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/

/** Hours written as `08:00-20:00`, or `22:00-06:00` over midnight; `24:00` may end them. Null for anything else. */
export function parseActiveHours(text: string): ActiveHours | null {
  const [from = '', to = '', ...rest] = text.split('-').map((part) => part.trim())
  if (rest.length > 0 || !TIME.test(from) || !(TIME.test(to) || to === '24:00')) return null
  const hours = { from: from.padStart(5, '0'), to: to.padStart(5, '0') }
  return hours.from === hours.to ? null : hours
}

/** Tells of an instant, epoch milliseconds, whether it lies within the hours in the zone. No hours: always. */
export function activeHoursTest(hours: ActiveHours | null, timeZone: string): (instant: number) => boolean {
  if (hours === null) return () => true
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const { from, to } = hours
  return (instant) => {
    const time = clock.format(instant)
    return from < to ? time >= from && time < to : time >= from || time < to
  }
}
