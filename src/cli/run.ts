import { inspect } from 'node:util'
import { CommanderError } from 'commander'
import { OperatorError } from '../core/errors.ts'
import { LedgerError } from '../ledger/ledger.ts'
import { VERSION } from '../lib/version.ts'
import type { Io, Output } from './io.ts'
import { ledgerErrorFix } from './ledger/failure.ts'
import { createProgram } from './program.ts'
import { writeError } from './terminal/message.ts'

const MAX_SEEN_CHARACTERS = 500

/**
 * Runs one command line and returns the exit code: 0 when all went well, 1 when something failed, 2 when the command
 * line, the configuration or the machine needs a change first.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0
  try {
    const program = createProgram(io, (code) => {
      exitCode = code
    })
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    exitCode = report(error, io.stderr)
  }
  try {
    await io.flush()
  } catch (error) {
    return report(error, io.stderr)
  }
  return exitCode
}

function report(error: unknown, stderr: Output): number {
  // commander has printed its own message by now.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof OperatorError) {
    writeError(stderr, error.message + seenText(error.seen), error.fix)
    return 2
  }
  if (error instanceof LedgerError) {
    writeError(stderr, `The ledger failed: ${error.message}`, ledgerErrorFix(error.failure))
    return 1
  }
  writeError(stderr, `This is a bug in claude-usage-exporter ${VERSION}:\n${inspect(error)}`)
  return 1
}

function seenText(seen: unknown): string {
  if (seen === undefined) return ''
  const text = typeof seen === 'string' ? seen : inspect(seen, { breakLength: Number.POSITIVE_INFINITY, depth: 2 })
  return ` (got ${text.length > MAX_SEEN_CHARACTERS ? `${text.slice(0, MAX_SEEN_CHARACTERS)}...` : text})`
}
