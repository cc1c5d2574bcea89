import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Io, Output } from '../../../src/cli/io.ts'
import { run } from '../../../src/cli/run.ts'
import { createStyle } from '../../../src/cli/terminal/style.ts'
import { tempFolder } from '../../support/temp.ts'

/** The afternoon of the day that the samples end with. */
const NOW = Date.parse('2026-05-04T15:31:00Z')

export interface FakeIo extends Io {
  readonly home: string
  /** What was written so far. */
  readonly out: () => string
  readonly err: () => string
  readonly emitter: EventEmitter
  /** Exit codes of calls that would have ended the process. */
  readonly exits: number[]
}

export interface FakeIoOptions {
  /** What comes on standard input. */
  readonly stdin?: string
  readonly home?: string
  readonly width?: number
  readonly isTTY?: boolean
  readonly isColored?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly timeZone?: string
  readonly now?: number
}

/** A machine of its own: an empty home, no environment, a clock that stands still. */
export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const { home = tempFolder(), width = Number.POSITIVE_INFINITY, isTTY = false, isColored = false } = options
  const { stdin = '', env = {}, timeZone = 'Europe/Berlin', now = NOW } = options
  const stdout = capture(width, isTTY, isColored)
  const stderr = capture(width, isTTY, isColored)
  const emitter = new EventEmitter()
  const exits: number[] = []
  return {
    home,
    stdin: () => Readable.from([Buffer.from(stdin)]),
    stdout,
    stderr,
    out: stdout.text,
    err: stderr.text,
    clock: { now: () => now },
    host: {
      env,
      home,
      timeZone,
      platform: 'linux',
      workingFolder: home,
      readFile: (path) => readFileSync(path, 'utf8'),
    },
    emitter,
    events: emitter,
    exits,
    exit: (code) => exits.push(code),
    flush: async () => {},
  }
}

/** Where the ledger of a fake machine is unless flags say otherwise. */
export function ledgerPathIn(home: string): string {
  return join(home, '.local', 'share', 'claude-usage-exporter', 'ledger.sqlite')
}

/** Runs a command line written as in a shell, without quotes. */
export async function runLine(line: string, options: FakeIoOptions = {}) {
  const io = fakeIo(options)
  const exitCode = await run(line.split(' ').filter(Boolean), io)
  return { exitCode, out: io.out(), err: io.err(), io }
}

function capture(width: number, isTTY: boolean, isColored: boolean): Output & { readonly text: () => string } {
  const parts: string[] = []
  return {
    isTTY,
    width,
    style: createStyle(isColored),
    write: (text) => void parts.push(text),
    text: () => parts.join(''),
  }
}
