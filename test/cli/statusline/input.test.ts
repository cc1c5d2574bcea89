import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readStatusInput } from '../../../src/cli/statusline/input.ts'

function read(...chunks: readonly (string | Buffer)[]) {
  return readStatusInput(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))
}

describe('readStatusInput', () => {
  it('reads JSON in pieces, also within a character', async () => {
    const bytes = Buffer.from('{"a":"é"}')
    expect(await read(bytes.subarray(0, 7), bytes.subarray(7))).toEqual({ json: { a: 'é' } })
  })

  it('reads JSON after a byte order mark', async () => {
    expect(await read('\ufeff{}')).toEqual({ json: {} })
  })

  it.each([
    ['nothing', '', 'no input'],
    ['half a document', '{"a":', 'input is no JSON'],
    ['two documents', '{}{}', 'input is no JSON'],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00]), 'input is no JSON'],
    ['very deep nesting without an end', '['.repeat(900_000), 'input is no JSON'],
  ])('says what is wrong with %s', async (_, text, problem) => {
    expect(await read(text)).toEqual({ problem })
  })

  it('takes 1 MiB and no more', async () => {
    const text = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2))
    expect(await read(text(1_048_576))).toHaveProperty('json')
    expect(await read(text(1_048_577))).toEqual({ problem: 'input is larger than 1 MiB' })
  })

  it('stops reading what never ends', async () => {
    let given = 0
    const endless = new Readable({
      read() {
        given += 65_536
        this.push(Buffer.alloc(65_536, ' '))
      },
    })
    expect(await readStatusInput(endless)).toEqual({ problem: 'input is larger than 1 MiB' })
    expect(given).toBeLessThan(4 * 1_048_576)
    expect(endless.destroyed).toBe(true)
  })

  it('does not wait for what does not end', async () => {
    const silent = new PassThrough()
    silent.write('{}')
    expect(await readStatusInput(silent)).toEqual({ problem: 'input does not end' })
  })

  it('says that reading failed', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('gone'))
      },
    })
    expect(await readStatusInput(broken)).toEqual({ problem: 'input cannot be read' })
  })

  it('does not wait for somebody who types', async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true })
    expect(await readStatusInput(terminal)).toEqual({ problem: expect.stringContaining('windows --help') })
  })
})
