import { describe, expect, it } from 'vitest'
import type { SourceName } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { Team } from '../../src/team.ts'

const START = Date.UTC(2026, 4, 4)

function teamOf(sources: readonly SourceName[], isShared = true) {
  const clock = { at: START, now: () => clock.at }
  const beats: { now: number; read: boolean }[] = []
  const counts = { follows: 0, looks: 0 }
  const ledger = {
    isShared,
    beat: async (sign: { now: number; read: boolean }) => void beats.push(sign),
    follow: async () => {
      counts.follows += 1
    },
    machines: async () => {
      counts.looks += 1
      return []
    },
  }
  return { clock, beats, counts, team: new Team({ ledger: ledger as unknown as Ledger, clock, sources }) }
}

describe('signs of life', () => {
  it('are given at once, and then once a minute', async () => {
    const { clock, beats, counts, team } = teamOf(['pi'])
    for (let second = 0; second <= 120; second += 5) {
      clock.at = START + second * 1_000
      await team.tick()
    }
    expect(beats.map(({ now }) => (now - START) / 1_000)).toEqual([0, 60, 120])
    expect(beats.every(({ read }) => !read)).toBe(true)
    expect(counts.follows).toBe(3)
  })

  it('tell as soon as all logs were read as a whole, once for each time', async () => {
    const { clock, beats, team } = teamOf(['pi', 'openclaw'])
    await team.tick()
    team.noteRead('pi')
    clock.at += 5_000
    await team.tick()
    team.noteRead('openclaw')
    clock.at += 5_000
    await team.tick()
    clock.at += 5_000
    await team.tick()
    expect(beats.map(({ now, read }) => [(now - START) / 1_000, read])).toEqual([
      [0, false],
      [10, true],
    ])
  })

  it('never claim that logs were read where none are to be', async () => {
    const { beats, team } = teamOf([])
    team.noteRead('pi')
    await team.tick()
    expect(beats).toEqual([{ now: START, read: false }])
  })

  it('are given when the clock was put back', async () => {
    const { clock, beats, team } = teamOf([])
    await team.tick()
    clock.at -= 3_600_000
    await team.tick()
    expect(beats).toHaveLength(2)
  })

  it('are not written to a ledger that nobody shares; its machines are known all the same', async () => {
    const { beats, counts, team } = teamOf(['pi'], false)
    expect(await team.tick()).toBe(true)
    expect(beats).toEqual([])
    expect(counts).toEqual({ follows: 0, looks: 1 })
  })

  it('of others are looked at every 15 seconds', async () => {
    const { clock, counts, team } = teamOf(['pi'])
    const looked: boolean[] = []
    for (let second = 0; second < 60; second += 5) {
      clock.at = START + second * 1_000
      looked.push(await team.tick())
    }
    expect(counts.looks).toBe(4)
    expect(looked.filter(Boolean)).toHaveLength(4)
  })
})
