import { describe, expect, it } from 'vitest'
import { giveWay } from '../../src/lib/turns.ts'

/** Work of others, a piece in each turn of the event loop, until it is told to end. */
function busyOthers() {
  let turns = 0
  let isOver = false
  const turn = () => {
    turns += 1
    for (const end = performance.now() + 1; performance.now() < end; );
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  return {
    turns: () => turns,
    end: () => {
      isOver = true
    },
  }
}

describe('giving way', () => {
  it('lets others have their turn, and is over although they never are', async () => {
    const others = busyOthers()
    await giveWay()
    expect(others.turns()).toBeGreaterThan(0)
    await giveWay()
    others.end()
  })

  it('is over where nobody else has anything to do', async () => {
    for (let time = 0; time < 100; time++) await giveWay()
  })
})
