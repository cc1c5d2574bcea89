import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { LedgerError } from '../../src/ledger/ledger.ts'
import { tempFolder } from '../support/temp.ts'
import { configOf, startWriter, until, writtenAt } from './writer-support.ts'

/** A door that what is under way waits before. */
function door() {
  let open = () => {}
  let waiting = 0
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const pass = async () => {
    waiting += 1
    await opened
  }
  return { open: () => open(), pass, waiting: () => waiting }
}

describe('a configuration that is loaded while a report is due', () => {
  it('has the report that is being written finished first, and no other than its own from then on', async () => {
    const folder = tempFolder()
    const { open, pass, waiting } = door()
    const { writer, log } = await startWriter({
      reports: `[{format: json, output: ${folder}/old.json, every: 1h}]`,
      reading: pass,
    })
    await until(
      () => waiting() > 0,
      () => log.join('\n'),
    )
    let isLoaded = false
    const loading = configOf(`[{format: json, output: ${folder}/new.json, every: 1h}]`)
      .then((config) => writer.configure(config))
      .then(() => {
        isLoaded = true
      })
    await delay(20)
    expect([isLoaded, readdirSync(folder)]).toEqual([false, []])
    open()
    await loading
    expect(JSON.parse(readFileSync(join(folder, 'old.json'), 'utf8'))).toHaveProperty('claudeUsage')
    rmSync(join(folder, 'old.json'))
    await until(
      () => existsSync(join(folder, 'new.json')),
      () => log.join('\n'),
    )
    await writer.stop()
    expect(readdirSync(folder)).toEqual(['new.json'])
  })

  it('takes away a report that still waits for the history', async () => {
    const folder = tempFolder()
    let complete = false
    let asked = 0
    const { writer, log } = await startWriter({
      reports: `[{format: json, output: ${folder}/old.json, every: 1h}]`,
      complete: () => {
        asked += 1
        return complete
      },
    })
    await until(
      () => asked > 0,
      () => log.join('\n'),
    )
    await writer.configure(await configOf(`[{format: status, output: ${folder}/new.json, every: 1h}]`))
    complete = true
    await until(
      () => existsSync(join(folder, 'new.json')),
      () => log.join('\n'),
    )
    await writer.stop()
    expect(readdirSync(folder)).toEqual(['new.json'])
    expect(log.filter((line) => line.startsWith('debug wrote'))).toHaveLength(1)
  })
})

describe('figures that cannot be read', () => {
  const failing = (times: number) => {
    let count = 0
    return async () => {
      count += 1
      if (count <= times) throw new LedgerError('busy', 'the ledger is busy')
    }
  }

  it('for a moment do not cost a day its report', async () => {
    const output = join(tempFolder(), 'a.json')
    const reports = `[{format: json, output: ${output}, cron: ["0 8 * * *"]}]`
    const { log } = await startWriter({ reports, reading: failing(2) })
    await until(
      () => existsSync(output),
      () => log.join('\n'),
    )
    expect(log.filter((line) => /^(warn|error)/.test(line))).toEqual([
      expect.stringContaining('it is tried again soon'),
      expect.stringContaining('it is tried again soon'),
    ])
  })

  it('for longer are told of once, and are left to the next due time', async () => {
    const output = join(tempFolder(), 'a.json')
    const reports = `[{format: json, output: ${output}, cron: ["0 8 * * *"]}]`
    const { writer, log, counted } = await startWriter({ reports, reading: failing(3) })
    await until(
      () => log.some((line) => line.startsWith('error')),
      () => log.join('\n'),
    )
    await writer.stop()
    expect(log.filter((line) => line.startsWith('error'))).toHaveLength(1)
    expect(counted).toEqual(['failed json'])
    expect(existsSync(output)).toBe(false)
  })
})

describe('a folder that is not there', () => {
  it('is told of with what to do, and the report is written once it is there', async () => {
    const output = join(tempFolder(), 'missing', 'a.json')
    const reports = `[{format: json, output: ${output}, every: 1h}]`
    const { writer, log } = await startWriter({ reports })
    await until(
      () => log.some((line) => line.startsWith('error')),
      () => log.join('\n'),
    )
    const failed = log.find((line) => line.startsWith('error a report could not be written'))
    expect(failed).toContain(`Cannot write ${output}`)
    expect(failed).toContain('Make the folder first')
    await writer.stop()
    mkdirSync(join(output, '..'))
    const again = await startWriter({ reports })
    await until(
      () => existsSync(output),
      () => again.log.join('\n'),
    )
  })
})

describe('a report that an exporter finds at its start', () => {
  it.each([
    ['was due meanwhile', 'UTC', '0 8 * * *', '2026-05-03T08:00:05Z', '2026-05-04T09:00:00Z', true],
    ['was written since it was due', 'UTC', '0 8 * * *', '2026-05-04T08:00:05Z', '2026-05-04T09:00:00Z', false],
    ['is due every month and was not', 'UTC', '0 8 1 * *', '2026-04-01T08:00:05Z', '2026-05-20T09:00:00Z', true],
    ['is due every month and was', 'UTC', '@monthly', '2026-05-01T00:00:05Z', '2026-05-20T09:00:00Z', false],
    [
      'was due before the clocks went forward',
      'Europe/Berlin',
      '30 1 * * *',
      '2026-03-28T12:00:00Z',
      '2026-03-29T04:00:00Z',
      true,
    ],
    [
      'is due at a time that the change of the clocks left out',
      'Europe/Berlin',
      '30 2 * * *',
      '2026-03-28T12:00:00Z',
      '2026-03-29T04:00:00Z',
      false,
    ],
    [
      'was due when the clocks went back',
      'Europe/Berlin',
      '30 2 * * *',
      '2026-10-24T12:00:00Z',
      '2026-10-25T04:00:00Z',
      true,
    ],
    ['has a date of the future', 'UTC', '0 8 * * *', '2026-06-04T08:00:00Z', '2026-05-04T09:00:00Z', false],
  ])('%s (%s, %s)', async (_, timeZone, cron, before, now, isWritten) => {
    const path = writtenAt('a.json', Date.parse(before))
    let asked = 0
    const { log } = await startWriter({
      reports: `[{format: json, output: ${path}, cron: ["${cron}"], time_zone: ${timeZone}}]`,
      now: Date.parse(now),
      complete: () => {
        asked += 1
        return true
      },
    })
    // Whoever begins to write asks at once.
    await nextTurn()
    expect(asked > 0).toBe(isWritten)
    await until(
      () => !isWritten || readFileSync(path, 'utf8') !== 'old\n',
      () => log.join('\n'),
    )
  })
})
