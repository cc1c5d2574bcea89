// Loaded before the program (`node --import`): moves its clock by the milliseconds in the file that CLOCK_SHIFT_FILE
// names, read anew every 100 ms, so that a test can wait for midnight.
import { readFileSync } from 'node:fs'

const file = process.env.CLOCK_SHIFT_FILE
const RealDate = Date
const realNow = Date.now.bind(Date)
let shift = 0
let readAt = Number.NEGATIVE_INFINITY

function now() {
  const real = realNow()
  if (real - readAt >= 100) {
    shift = Number(readFileSync(file, 'utf8'))
    readAt = real
  }
  return real + shift
}

globalThis.Date = class ShiftedDate extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(now())
    else super(...values)
  }

  static now() {
    return now()
  }
}
