import { destination, type Logger as PinoLogger, pino } from 'pino'
import { type Clock, systemClock } from './clock.ts'
import { escapeControls } from './escape.ts'
import { formatLogfmt } from './logfmt.ts'
import { RepeatLimit } from './repeat-limit.ts'

type LogLevel = 'debug' | 'info' | 'warn' | 'error'
type LogFormat = 'logfmt' | 'json'

/** What is known about an event, by name. An error goes under `err`. */
type Facts = Readonly<Record<string, unknown>>

/**
 * Messages are constant, what varies is a fact. Warnings and errors that differ from an earlier one in numbers alone
 * are printed once a minute, then counted in `repeated`.
 */
export interface Logger {
  debug(message: string, facts?: Facts): void
  info(message: string, facts?: Facts): void
  warn(message: string, facts?: Facts): void
  error(message: string, facts?: Facts): void
  /** A logger that adds these facts to every line. */
  child(facts: Facts): Logger
}

export interface LoggerOptions {
  readonly level: LogLevel
  readonly format: LogFormat
  readonly clock?: Clock
  /** Takes one line with its line feed; standard error unless given. */
  readonly write?: (line: string) => void
}

/** Writes one line per event, on this thread and at once, so that nothing is lost when the process ends. */
export function createLogger(options: LoggerOptions): Logger {
  const clock = options.clock ?? systemClock
  const write = options.write ?? standardError()
  const render = options.format === 'json' ? (line: string) => line.trimEnd() : logfmtFromJson
  const sink = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: describeError },
    },
    { write: (line) => write(`${escapeControls(render(line))}\n`) },
  )
  return loggerOver(sink, new RepeatLimit(clock), {})
}

function standardError(): (line: string) => void {
  const stream = destination({ dest: 2, sync: true })
  return (line) => void stream.write(line)
}

function logfmtFromJson(line: string): string {
  return formatLogfmt(JSON.parse(line))
}

function loggerOver(sink: PinoLogger, limit: RepeatLimit, context: Facts): Logger {
  const limited = (level: 'warn' | 'error', message: string, facts: Facts) => {
    if (!sink.isLevelEnabled(level)) return
    limit.offer(repeatKey(level, message, { ...context, ...facts }), (repeated) =>
      sink[level](repeated > 0 ? { ...facts, repeated } : facts, message),
    )
  }
  const plain = (level: 'debug' | 'info', message: string, facts: Facts) => {
    limit.settle()
    sink[level](facts, message)
  }
  return {
    debug: (message, facts = {}) => plain('debug', message, facts),
    info: (message, facts = {}) => plain('info', message, facts),
    warn: (message, facts = {}) => limited('warn', message, facts),
    error: (message, facts = {}) => limited('error', message, facts),
    child: (facts) => loggerOver(sink.child(facts), limit, { ...context, ...facts }),
  }
}

/** The stack of an error with a code (a file that cannot be read, a port in use) tells an operator nothing. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name: type, message, stack } = error
  return 'code' in error ? { type, message, code: error.code } : { type, message, stack }
}

/** Texts name what a line is about, and so does an error's code; numbers only measure it. */
function repeatKey(level: LogLevel, message: string, facts: Facts): string {
  const names = Object.values(facts).map((fact) => {
    if (fact instanceof Error) return 'code' in fact ? fact.code : fact.name
    return typeof fact === 'string' ? fact : null
  })
  return JSON.stringify([level, message, names])
}
