import { appendFileSync, mkdirSync, realpathSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { claudeCodeFormat } from '../../../src/sources/claude-code/format.ts'
import { FileSource } from '../../../src/sources/files/file-source.ts'
import type { SourceBatch } from '../../../src/sources/source.ts'
import { claudeLine, humanLine, toolResultLine } from '../../support/claude-line.ts'
import { tempFolder } from '../../support/temp.ts'

const START = Date.parse('2026-05-04T09:00:00Z')
const minutes = (count: number) => START + count * 60_000
const turn = (session: string, time: number) => ({ source: 'claude-code', session, time })
const answer = (id: number, time: number) => claudeLine({ id: String(id), output: 20, time })

/** One log file and the source that follows it. */
class FollowedLog {
  readonly #root = realpathSync(tempFolder())
  readonly file = path.join(this.#root, 'projects', '-src-shop', 's1.jsonl')
  #source = this.#open()
  readonly #known = new Map<string, SourceBatch>()

  constructor(content: string) {
    mkdirSync(path.dirname(this.file), { recursive: true })
    writeFileSync(this.file, content)
  }

  append(content: string): void {
    appendFileSync(this.file, content)
  }

  restart(): void {
    this.#source = this.#open()
    this.#source.restore([...this.#known.values()])
  }

  async read(): Promise<readonly SourceBatch[]> {
    const batches: SourceBatch[] = []
    for await (const batch of this.#source.read({ signal: new AbortController().signal })) {
      this.#known.set(batch.stream, batch)
      batches.push(batch)
    }
    return batches
  }

  async readTurns() {
    return (await this.read()).flatMap(({ turns }) => turns)
  }

  #open(): FileSource {
    const options = { env: {}, home: '/nowhere', billing: 'metered', isFolder: () => true } as const
    const roots = [{ path: this.#root }]
    const now = () => minutes(600)
    const format = claudeCodeFormat({ ...options, roots, projectName: () => 'shop', now })
    return new FileSource(format, { tail: { quietTimeMs: 0 } })
  }
}

describe('the turns of a followed log', () => {
  it('come with its first load and then as they are written', async () => {
    const log = new FollowedLog(humanLine({ time: minutes(0) }) + answer(1, minutes(1)))
    expect(await log.readTurns()).toEqual([turn('s1', minutes(0))])
    log.append(toolResultLine({ time: minutes(2) }) + answer(2, minutes(3)))
    expect(await log.readTurns()).toEqual([])
    log.append(humanLine({ time: minutes(4) }))
    expect(await log.readTurns()).toEqual([turn('s1', minutes(4))])
  })

  it('are delivered with the cursor where a human wrote and nothing was used yet', async () => {
    const log = new FollowedLog(answer(1, minutes(0)))
    const [before] = await log.read()
    log.append(humanLine({ time: minutes(60) }))
    const [batch, ...others] = await log.read()
    expect(others).toEqual([])
    expect(batch).toMatchObject({ expected: before?.cursor, records: [], turns: [turn('s1', minutes(60))] })
    expect(batch?.cursor).not.toBe(before?.cursor)
    log.restart()
    expect(await log.readTurns()).toEqual([])
  })

  it('are one for each session of a batch, the newest', async () => {
    const lines = [
      humanLine({ time: minutes(0), session: 's1' }),
      humanLine({ time: minutes(5), session: 's1' }),
      answer(1, minutes(6)),
    ]
    expect(await new FollowedLog(lines.join('')).readTurns()).toEqual([turn('s1', minutes(5))])
  })

  it('are found wherever they stand in a long log', async () => {
    const work = (from: number) =>
      Array.from({ length: 400 }, (_, at) => toolResultLine({ time: minutes(from), text: `${at}`.padEnd(8000, 'x') }))
    const log = new FollowedLog([humanLine({ time: minutes(1) }), ...work(2)].join(''))
    expect(await log.readTurns()).toEqual([turn('s1', minutes(1))])
  })

  it('wait for the end of a line that is still being written', async () => {
    const line = humanLine({ time: minutes(4) })
    const log = new FollowedLog(answer(1, minutes(0)))
    await log.read()
    log.append(line.slice(0, 60))
    expect(await log.readTurns()).toEqual([])
    log.append(line.slice(60))
    expect(await log.readTurns()).toEqual([turn('s1', minutes(4))])
  })

  it('are told again when the log was rewritten, so that nothing depends on it', async () => {
    const log = new FollowedLog(humanLine({ time: minutes(0) }) + answer(1, minutes(1)))
    await log.read()
    writeFileSync(`${log.file}.tmp`, answer(1, minutes(1)) + humanLine({ time: minutes(2) }))
    renameSync(`${log.file}.tmp`, log.file)
    expect(await log.readTurns()).toEqual([turn('s1', minutes(2))])
    truncateSync(log.file, 0)
    log.append(humanLine({ time: minutes(0) }))
    expect(await log.readTurns()).toEqual([turn('s1', minutes(0))])
  })
})
