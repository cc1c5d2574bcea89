import type { Command } from 'commander'
import { type Backfilled, type BackfillOptions, backfill } from '../../backfill/backfill.ts'
import { emptySnapshot } from '../../backfill/empty-snapshot.ts'
import { pastFamilies } from '../../backfill/families.ts'
import { Recorder } from '../../backfill/recorder.ts'
import type { Config } from '../../config/config.ts'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { OperatorError } from '../../core/errors.ts'
import { DAY_MS } from '../../core/time.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { escapeControls } from '../../lib/escape.ts'
import type { Io } from '../io.ts'
import { openForReport } from '../ledger/open-for-report.ts'
import { awaitStopSignal, type StopSignal } from '../serve/stop-signal.ts'
import { wrapLines } from '../terminal/message.ts'
import { ProgressBar } from '../terminal/progress.ts'
import type { BackfillCommandOptions } from './command.ts'
import { earliestOf } from './earliest.ts'
import { prepareOutputs } from './outputs.ts'
import { createPasts } from './pasts.ts'
import { chooseRange } from './range.ts'
import { summaryLines } from './summary.ts'
import { headWarning, sizeWarning, warningLine } from './warnings.ts'

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** Writes the past of the ledger. Returns the exit code. */
export async function runBackfill(io: Io, command: Command): Promise<number> {
  const options = command.opts<BackfillCommandOptions>()
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const { config } = loaded
  const instance = options.instance ?? instanceOf(config)
  const opened = await openForReport(io, loaded, options.sync)
  try {
    const { ledger } = await opened.ledger.freeze()
    try {
      return await writePast(io, ledger, config, { ...options, instance })
    } finally {
      await ledger.close()
    }
  } finally {
    await opened.close()
  }
}

type KnownOptions = BackfillCommandOptions & { readonly instance: string }

async function writePast(io: Io, ledger: Ledger, config: Config, options: KnownOptions): Promise<number> {
  const now = io.clock.now()
  const { timeZone } = config
  const { output, splitDays = null, force = false } = options
  const range = chooseRange(options, { now, timeZone, earliest: await earliestOf(ledger, now) })
  const outputs = await prepareOutputs(io, range, { output, splitDays, force })
  const warning = headWarning(range, now)
  if (warning !== null) io.stderr.write(warningLine(io.stderr, warning))
  const task: Task = {
    range,
    stepMs: options.step,
    splitDays,
    pasts: createPasts(ledger, { config, now, to: range.to }),
    recorder: recorderFor(config, options),
    open: (part) => outputs.open(part),
  }
  const result = await untilStopped(io, task)
  if (typeof result === 'string') {
    io.stderr.write(`${stoppedText(outputs.completed.length)}\n`)
    return EXIT_CODES[result]
  }
  const { workingFolder } = io.host
  const lines = summaryLines({ written: result, range, files: outputs.completed, workingFolder, now, timeZone })
  const told = lines
    .map(escapeControls)
    .flatMap((line) => (line.startsWith(' ') ? line : wrapLines([line], io.stderr.width)))
  io.stderr.write(`${told.join('\n')}\n`)
  return 0
}

type Task = Omit<BackfillOptions, 'signal' | 'expected' | 'progress'>

/** Shows progress on a terminal. Gives the signal that ended it, if one did. */
async function untilStopped(io: Io, task: Task): Promise<Backfilled | StopSignal> {
  const stopping = new AbortController()
  const signals = awaitStopSignal(io)
  const stopped = signals.first.then((signal) => {
    stopping.abort()
    return signal
  })
  const days = Math.ceil((task.range.to - task.range.from) / DAY_MS)
  let share = 0
  const amount = () => ({ done: Math.floor(share * days), total: days })
  const bar = io.stderr.isTTY ? new ProgressBar(io.stderr, 'Writing days of history', amount, 'windows') : null
  const progress = (done: number) => {
    share = done
  }
  const expected = (samples: number) => {
    const warning = sizeWarning(samples, task)
    if (warning !== null) (bar ?? io.stderr).write(warningLine(io.stderr, warning))
  }
  try {
    return await backfill({ ...task, signal: stopping.signal, expected, progress })
  } catch (error) {
    if (!stopping.signal.aborted) throw error
    return stopped
  } finally {
    bar?.end()
    signals.dispose()
  }
}

function recorderFor({ timeZone, metrics }: Config, { job, instance }: KnownOptions): Recorder {
  const { seriesLimit } = metrics
  return new Recorder({
    families: pastFamilies,
    empty: emptySnapshot({ timeZone, seriesLimit }),
    target: { job, instance },
  })
}

function stoppedText(files: number): string {
  if (files === 0) return 'Stopped: nothing was written.'
  return `Stopped: the first ${files === 1 ? 'file is' : `${files} files are`} complete, the rest was not written.`
}

/** As in the scrape configuration that comes with the exporter. */
function instanceOf({ web }: Config): string {
  const port = web.listenAddress[0]?.port ?? 0
  if (port !== 0) return `127.0.0.1:${port}`
  throw new OperatorError('The address that Prometheus scrapes is not known', {
    seen: 'web.listen_address without a fixed port',
    fix: 'Give --instance HOST:PORT as Prometheus has it.',
  })
}
