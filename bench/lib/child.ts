import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const STOP_TIMEOUT_MS = 20_000
const HAS_GROUPS = process.platform !== 'win32'

/** A command line with the environment it needs: beside PATH nothing of this process's own is passed on. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<NodeJS.ProcessEnv>
}

export interface RunResult {
  readonly wallMs: number
  readonly stdout: string
}

export interface TimedResult extends RunResult {
  /** User and system time, of its own children too. */
  readonly cpuSeconds: number
  readonly maxRssBytes: number
}

/** As it could be typed into a shell. */
export function commandText({ program, args, env }: Command): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  return [...variables, program, ...args].join(' ')
}

const running = new Set<ChildProcess>()

export function start({ program, args, env }: Command, options: SpawnOptions = {}): ChildProcess {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
    detached: HAS_GROUPS,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Runs a command to its end. Rejects when it fails. */
export async function run(command: Command): Promise<RunResult> {
  const started = performance.now()
  const child = start(command)
  const output = child.stdout === null ? Promise.resolve('') : text(child.stdout)
  const [code, signal] = await once(child, 'exit')
  const wallMs = performance.now() - started
  const stdout = await output
  if (code !== 0) throw new Error(`${[command.program, ...command.args].join(' ')} ended with ${signal ?? code}`)
  return { wallMs, stdout }
}

/** Runs a command to its end under GNU time, which also sees the children of the command. */
export async function runTimed(command: Command, gnuTime: string, folder: string): Promise<TimedResult> {
  const { program, args, env } = command
  const report = join(folder, 'gnu-time.txt')
  const result = await run({ program: gnuTime, args: ['-f', '%U %S %M', '-o', report, program, ...args], env })
  const [user = Number.NaN, system = Number.NaN, kibibytes = Number.NaN] = (await readFile(report, 'utf8'))
    .trim()
    .split(' ')
    .map(Number)
  return { ...result, cpuSeconds: user + system, maxRssBytes: kibibytes * 1024 }
}

/** GNU time, which Linux has as `time` and Homebrew as `gtime`; null where there is none. */
export async function findGnuTime(): Promise<string | null> {
  for (const program of ['gtime', '/usr/bin/time']) {
    try {
      await run({ program, args: ['-f', '%U', '-o', '/dev/null', process.execPath, '-e', '0'], env: {} })
      return program
    } catch {
      // Not installed, or a `time` that is not GNU's: try the next.
    }
  }
  return null
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  signalGroup(child, 'SIGTERM')
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_TIMEOUT_MS)
  await ended
  clearTimeout(timer)
}

/** GNU time does not pass signals on to what it measures, so each child leads a process group and all of it is told. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (HAS_GROUPS && child.pid !== undefined) process.kill(-child.pid, signal)
  else child.kill(signal)
}

/** Ends whatever this process has started and not yet ended. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map(stop))
}
