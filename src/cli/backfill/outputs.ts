import { parse, resolve } from 'node:path'
import { type Part, partsOf, type Range } from '../../backfill/instants.ts'
import { OperatorError } from '../../core/errors.ts'
import type { TextOutput } from '../../lib/text-output.ts'
import type { Io } from '../io.ts'
import { createNewFile, refuseExisting } from '../output/new-file.ts'
import { STANDARD_OUTPUT, standardOutput } from '../output/standard-output.ts'

export interface OutputOptions {
  /** As on the command line: a file, or `-`. */
  readonly output: string
  readonly splitDays: number | null
  readonly force: boolean
}

/** Where the parts of a history go. */
export interface Outputs {
  open(part: Part): Promise<TextOutput>
  /** Files that are complete, in their order; none on standard output. */
  readonly completed: readonly string[]
}

/** Rejects with OperatorError where something would be overwritten that shall stay. */
export async function prepareOutputs(io: Io, range: Range, options: OutputOptions): Promise<Outputs> {
  const { output, splitDays, force } = options
  if (output === STANDARD_OUTPUT) {
    if (splitDays === null) return { open: async () => standardOutput(io), completed: [] }
    throw new OperatorError('Several files cannot go to standard output', {
      fix: 'Give --output the name of a file, or leave out --split-days.',
    })
  }
  const path = resolve(io.host.workingFolder, output)
  const pathOf = (part: Part) => (splitDays === null ? path : datedPath(path, part))
  // Now, and not after an hour of work.
  for (const part of partsOf(range, splitDays)) await refuseExisting(pathOf(part), force)
  const completed: string[] = []
  return {
    completed,
    async open(part) {
      const file = await createNewFile(pathOf(part), { force })
      return {
        get bytes() {
          return file.bytes
        },
        write: (text) => file.write(text),
        discard: () => file.discard(),
        async complete() {
          await file.complete()
          completed.push(pathOf(part))
        },
      }
    },
  }
}

/** `history.om` of a part that begins on 4 May 2026 (UTC) is `history-2026-05-04.om`. */
function datedPath(path: string, { from }: Part): string {
  const { ext } = parse(path)
  const day = new Date(from).toISOString().slice(0, 'yyyy-mm-dd'.length)
  return `${path.slice(0, path.length - ext.length)}-${day}${ext}`
}
