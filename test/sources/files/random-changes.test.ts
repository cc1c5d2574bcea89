import fs from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LogFolder } from './log-folder.ts'

const NAMES = ['a.jsonl', 'b.jsonl', 'p/c.jsonl', 'p/q/d.jsonl']
const QUIET_MS = 60_000
/** Modification times move in steps, as those of file systems do: several changes can have one time. */
const CLOCK_STEP_MS = 10

const file = fc.nat(NAMES.length - 1)
const size = fc.oneof({ weight: 4, arbitrary: fc.nat(60) }, { weight: 1, arbitrary: fc.nat(3000) })
const change = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), file, size, count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    kind: fc.constant('append part' as const),
    file,
    size,
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ kind: fc.constant('cut' as const), file, to: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('remove a line' as const), file, line: fc.nat(20) }),
  fc.record({ kind: fc.constant('change a line' as const), file, isFirst: fc.boolean() }),
  fc.record({ kind: fc.constant('replace' as const), file, size, keep: fc.boolean() }),
  fc.record({ kind: fc.constant('rename' as const), file, to: file }),
  fc.record({ kind: fc.constant('delete' as const), file }),
  fc.record({ kind: fc.constant('read' as const) }),
  fc.record({ kind: fc.constant('read one' as const), file }),
  fc.record({ kind: fc.constant('restart' as const), isCrash: fc.boolean() }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 5, 30, QUIET_MS) }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

/** A folder that is changed in every way logs are, and a record of what was there to be read. */
class Story {
  readonly #folder = new LogFolder()
  readonly #there = new Set<string>()
  readonly #read = new Set<string>()
  #lastCursors = new Map(this.#folder.cursors)
  #nextId = 0

  async tell(changes: readonly Change[]): Promise<void> {
    for (const each of changes) await this.#apply(each)
    await this.#look()
  }

  async #apply(each: Change): Promise<void> {
    switch (each.kind) {
      case 'append':
        return this.#append(each.file, this.#lines(each.count, each.size))
      case 'append part': {
        const line = this.#lines(1, each.size)
        return this.#append(each.file, line.slice(0, Math.round(line.length * each.part)))
      }
      case 'cut': {
        const text = this.#text(each.file)
        return this.#rewrite(each.file, text.slice(0, Math.round(text.length * each.to)))
      }
      case 'remove a line': {
        const parts = this.#text(each.file).split('\n')
        return this.#rewrite(each.file, parts.filter((_, index) => index !== each.line % parts.length).join('\n'))
      }
      case 'change a line':
        return this.#changeLine(each.file, each.isFirst)
      case 'replace': {
        const kept = each.keep ? this.#text(each.file).split('\n').slice(1).join('\n') : ''
        const name = `${NAMES[each.file]}.tmp`
        this.#folder.write(name, this.#lines(1, each.size) + kept)
        return this.#rename(name, NAMES[each.file] ?? '')
      }
      case 'rename':
        return this.#rename(NAMES[each.file] ?? '', NAMES[each.to] ?? '')
      case 'delete':
        return fs.rmSync(this.#path(each.file), { force: true })
      case 'read':
        return this.#look()
      case 'read one':
        return this.#look(each.file)
      case 'restart':
        if (each.isCrash) this.#restoreCursors()
        return this.#folder.restart()
      case 'wait':
        this.#folder.now += each.ms
    }
  }

  /** What is whole now must have been read after this; what was never whole at a look must not. */
  async #look(only?: number): Promise<void> {
    this.#lastCursors = new Map(this.#folder.cursors)
    for (const [index] of NAMES.entries()) if (only === undefined || only === index) this.#note(index)
    const ids = await this.#folder.readIds(only === undefined ? undefined : [this.#path(only)])
    for (const id of ids) this.#read.add(id)
    expect([...this.#read].sort()).toEqual([...this.#there].sort())
  }

  #note(index: number): void {
    const text = this.#text(index)
    const isQuiet = text !== '' && this.#folder.now - fs.statSync(this.#path(index)).mtimeMs >= QUIET_MS
    const whole = text.split('\n')
    if (!isQuiet) whole.pop()
    for (const line of whole) {
      const id = /^\{"id":"(\d+ x*)"\}$/.exec(line)?.[1]
      if (id !== undefined) this.#there.add(id)
    }
  }

  #append(index: number, text: string): void {
    // As agents do after a crash: a line feed first, so that a torn line spoils no other.
    const before = this.#text(index)
    this.#rewriteEnd(index, before === '' || before.endsWith('\n') ? text : `\n${text}`)
  }

  #rewriteEnd(index: number, added: string): void {
    if (!fs.existsSync(this.#path(index))) this.#folder.write(NAMES[index] ?? '', '')
    fs.appendFileSync(this.#path(index), added)
    this.#touch(index)
  }

  #rewrite(index: number, text: string): void {
    if (!fs.existsSync(this.#path(index))) return
    fs.writeFileSync(this.#path(index), text)
    this.#touch(index)
  }

  /** Gives a line another id of the same length, where the bytes that are compared have it. */
  #changeLine(index: number, isFirst: boolean): void {
    const parts = this.#text(index).split('\n')
    const whole = parts.slice(0, -1)
    const at = isFirst ? 0 : whole.length - 1
    const line = whole[at] ?? ''
    if (!isFirst && line.length > 500) return
    parts[at] = line.replace(/\d{6}/, () => this.#newId())
    this.#rewrite(index, parts.join('\n'))
  }

  #newId(): string {
    return String(this.#nextId++).padStart(6, '0')
  }

  #rename(from: string, to: string): void {
    if (fs.existsSync(this.#folder.path(from))) this.#folder.rename(from, to)
  }

  #touch(index: number): void {
    const modified = new Date(Math.floor(this.#folder.now / CLOCK_STEP_MS) * CLOCK_STEP_MS)
    fs.utimesSync(this.#path(index), modified, modified)
  }

  #restoreCursors(): void {
    this.#folder.cursors.clear()
    for (const [stream, known] of this.#lastCursors) this.#folder.cursors.set(stream, known)
  }

  #lines(count: number, padding: number): string {
    return Array.from({ length: count }, () => `{"id":"${this.#newId()} ${'x'.repeat(padding)}"}\n`).join('')
  }

  #text(index: number): string {
    const path = this.#path(index)
    return fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : ''
  }

  #path(index: number): string {
    return this.#folder.path(NAMES[index] ?? '')
  }
}

it('reads everything that was whole when it looked, and nothing else, whatever happens to the files', async () => {
  const changes = fc.array(change, { minLength: 5, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(changes, (story) => new Story().tell(story)),
    { numRuns: 300 },
  )
})
