import type { EventEmitter } from 'node:events'
import type { Readable } from 'node:stream'
import { type ConfigInput, inputOfThisProcess } from '../config/input.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import { createStyle, hasColors, type Style } from './terminal/style.ts'

/** Where text goes to: a terminal, a pipe or a file. */
export interface Output {
  readonly isTTY: boolean
  /** Columns of the terminal, or what `COLUMNS` says; without limit for anything else. */
  readonly width: number
  readonly style: Style
  /** Writes after the reader is gone are dropped. */
  write(text: string): void
}

/** What commands need of the world around them. */
export interface Io {
  /** Standard input, opened when it is asked for. */
  readonly stdin: () => Readable & { readonly isTTY?: boolean }
  readonly stdout: Output
  readonly stderr: Output
  readonly clock: Clock
  /** Environment, files and places of this machine. */
  readonly host: Omit<ConfigInput, 'flags'>
  /** Tells of signals and of errors nobody caught, under the names that `process` uses. */
  readonly events: Pick<EventEmitter, 'on' | 'off'>
  /** Resolves once everything written has left the process. */
  flush(): Promise<void>
  /** Ends the process at once. */
  exit(code: number): void
}

export function thisProcess(): Io {
  const host = inputOfThisProcess(new Map())
  const stdout = outputOf(process.stdout, host.env)
  const stderr = outputOf(process.stderr, host.env)
  return {
    stdin: () => process.stdin,
    stdout,
    stderr,
    clock: systemClock,
    host,
    events: process,
    flush: async () => {
      await Promise.all([stdout.flush(), stderr.flush()])
    },
    exit: (code) => process.exit(code),
  }
}

interface FlushableOutput extends Output {
  flush(): Promise<void>
}

function outputOf(stream: NodeJS.WriteStream, env: ConfigInput['env']): FlushableOutput {
  let failure: NodeJS.ErrnoException | null = null
  stream.on('error', (error) => {
    failure ??= error
  })
  const isTTY = stream.isTTY === true
  return {
    isTTY,
    get width() {
      return widthOf(isTTY ? stream.columns : Number(env['COLUMNS']))
    },
    style: createStyle(hasColors({ isTTY, env })),
    write(text) {
      if (failure === null) stream.write(text)
    },
    async flush() {
      if (failure === null) await new Promise<void>((resolve) => stream.write('', () => resolve()))
      // `| head` closes the pipe when it has enough: nothing is wrong then.
      if (failure !== null && failure.code !== 'EPIPE') throw failure
    },
  }
}

function widthOf(columns: number | undefined): number {
  return columns !== undefined && columns > 0 ? columns : Number.POSITIVE_INFINITY
}
