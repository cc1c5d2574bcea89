import { describe, expect, it } from 'vitest'
import { fiveFields, parseCron } from '../../../src/cli/scheduler/cron-fields.ts'
import { onCalendar } from '../../../src/cli/scheduler/on-calendar.ts'

describe('cron expressions as calendar events of systemd', () => {
  it.each([
    ['0 8,18 * * *', ['*-*-* 08,18:00:00']],
    ['* * * * *', ['*-*-* *:*:00']],
    ['*/15 * * * *', ['*-*-* *:00/15:00']],
    ['5-59/15 * * * *', ['*-*-* *:05/15:00']],
    ['0-30/10 9-17 * * *', ['*-*-* 09..17:00,10,20,30:00']],
    ['7,22,37 * * * *', ['*-*-* *:07,22,37:00']],
    ['0 */7 * * *', ['*-*-* 00/7:00:00']],
    ['30 6 * * 1-5', ['Mon..Fri *-*-* 06:30:00']],
    ['30 6 * * SUN,sat', ['Sat,Sun *-*-* 06:30:00']],
    ['30 6 * * 5-7', ['Fri..Sun *-*-* 06:30:00']],
    ['30 6 * * 0-2', ['Mon,Tue,Sun *-*-* 06:30:00']],
    ['30 6 * * 0-6', ['*-*-* 06:30:00']],
    ['0 0 1 jan,Jul *', ['*-01,07-01 00:00:00']],
    ['0 0 1-31/2 * *', ['*-*-01/2 00:00:00']],
    ['0 0 28-31 1-3 *', ['*-01..03-28..31 00:00:00']],
    ['0 12 13 * fri', ['*-*-13 12:00:00', 'Fri *-*-* 12:00:00']],
    ['0 12 1-31 * fri', ['*-*-* 12:00:00']],
    ['@daily', ['*-*-* 00:00:00']],
    ['  @Weekly ', ['Sun *-*-* 00:00:00']],
    ['0   8 *\t* *', ['*-*-* 08:00:00']],
  ])('%j is %j', (expression, events) => {
    expect(onCalendar(parseCron(fiveFields(expression)), null)).toEqual(events)
    expect(onCalendar(parseCron(fiveFields(expression)), 'Asia/Kathmandu')).toEqual(
      events.map((event) => `${event} Asia/Kathmandu`),
    )
  })

  it.each([
    ['', 'This is no cron expression'],
    ['@reboot', 'This is no cron expression'],
    ['8 o clock', 'This is no cron expression'],
    ['60 8 * * *', 'This is no cron expression'],
    ['0 0 31 2 *', 'This is no cron expression'],
    ['0 0 8 * * *', 'This is no cron expression'],
    ['0 22-2 * * *', 'Not every scheduler can have "22-2" as hour'],
    ['0 8 L * *', 'Not every scheduler can have "L" as day of the month'],
    ['0 8 15W * *', 'Not every scheduler can have "15W" as day of the month'],
    ['0 8 * * 5#2', 'Not every scheduler can have "5#2" as weekday'],
    ['0 8 ? * 1', 'Not every scheduler can have "?" as day of the month'],
    ['0 8 */2 * 1', 'Schedulers disagree about days of the month together with weekdays'],
    ['0 8 15 * */2', 'Schedulers disagree about days of the month together with weekdays'],
  ])('%j is refused', (expression, message) => {
    expect(() => parseCron(fiveFields(expression))).toThrow(message)
  })
})
