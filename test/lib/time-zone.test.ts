import { describe, expect, it } from 'vitest'
import { isTimeZone } from '../../src/lib/time-zone.ts'

describe('isTimeZone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kathmandu'])('knows %s', (name) => {
    expect(isTimeZone(name)).toBe(true)
  })

  it.each(['', 'Mars/Base', '+02:00', '-0330', 'Etc/Unknown', 'Europe/Berlin '])('does not know "%s"', (name) => {
    expect(isTimeZone(name)).toBe(false)
  })
})
