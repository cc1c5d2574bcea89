import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLook } from '../../../src/http/web-config/watch.ts'
import type { WebConfig } from '../../../src/http/web-config/web-config.ts'
import { tempFolder } from '../../support/temp.ts'

/** A file whose text is the name of the only user; `bad...` is refused. */
function watched() {
  const file = join(tempFolder(), 'web.yml')
  const events: string[] = []
  let text = 'ada'
  const read = (): WebConfig => {
    events.push('read')
    if (text.startsWith('bad')) throw new Error(text)
    const users = new Map([[text, 'hash']])
    return { tls: null, users, headers: {}, rateLimit: null, wantsHttp2: false, files: [file] }
  }
  const write = (changed: string) => {
    text = changed
    writeFileSync(file, changed)
  }
  write(text)
  const look = createLook({
    initial: read(),
    read,
    changed: ({ users }) => events.push(`changed to ${[...users.keys()]}`),
    refused: (error) => events.push(`refused: ${error instanceof Error && error.message}`),
  })
  return {
    file,
    write,
    /** What happened during so many looks. */
    async looks(count: number) {
      events.length = 0
      for (let n = 0; n < count; n++) await look()
      return [...events]
    },
  }
}

describe('looking at the files of a web configuration', () => {
  it('reads once what changed before the first look, and nothing more while they stay', async () => {
    const { looks } = watched()
    expect(await looks(5)).toEqual(['read'])
    expect(await looks(5)).toEqual([])
  })

  it('takes over a change when it is the same at two looks', async () => {
    const { looks, write } = watched()
    await looks(2)
    write('bob')
    expect(await looks(1)).toEqual([])
    expect(await looks(3)).toEqual(['read', 'changed to bob'])
  })

  it('does not believe a file that is being written', async () => {
    const { looks, write } = watched()
    await looks(2)
    for (const text of ['', 'b', 'bo', 'bob']) {
      write(text)
      expect(await looks(1)).toEqual([])
    }
    expect(await looks(1)).toEqual(['read', 'changed to bob'])
  })

  it('sees a file that was put in its place, whatever its date and size', async () => {
    const { looks, write, file } = watched()
    await looks(2)
    write('eva')
    renameSync(file, `${file}.old`)
    write('eva')
    rmSync(`${file}.old`)
    expect(await looks(2)).toEqual(['read', 'changed to eva'])
  })

  it('says nothing of a file that was written again as it was', async () => {
    const { looks, write } = watched()
    await looks(2)
    write('ada')
    expect(await looks(3)).toEqual(['read'])
  })

  it('tells once of what is wrong, again of something else, and of the first thing after it was right', async () => {
    const { looks, write } = watched()
    await looks(2)
    write('bad 1')
    expect((await looks(5)).filter((event) => event !== 'read')).toEqual(['refused: bad 1'])
    write('bad 2')
    expect((await looks(5)).filter((event) => event !== 'read')).toEqual(['refused: bad 2'])
    write('eva')
    expect((await looks(5)).filter((event) => event !== 'read')).toEqual(['changed to eva'])
    write('bad 2')
    expect((await looks(5)).filter((event) => event !== 'read')).toEqual(['refused: bad 2'])
  })

  it('reads a bad one at every look, because what is missing may be a file that it does not know yet', async () => {
    const { looks, write } = watched()
    await looks(2)
    write('bad')
    await looks(2)
    expect(await looks(3)).toEqual(['read', 'read', 'read'])
  })

  it('goes on when the file is gone and comes back', async () => {
    const { looks, write, file } = watched()
    await looks(2)
    rmSync(file)
    await looks(1)
    write('bob')
    expect(await looks(2)).toEqual(['read', 'changed to bob'])
  })
})
