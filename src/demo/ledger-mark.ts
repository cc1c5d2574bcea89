import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../core/errors.ts'

/** What the demo in a ledger began with: with the same, it goes on where it was. */
export interface DemoMark {
  /** Epoch milliseconds. */
  readonly start: number
  readonly days: number
}

/**
 * Marks a new folder for a ledger as one of the demo, or tells how it was marked before. Throws OperatorError for a
 * folder that holds anything else: made-up figures must not come between real ones.
 */
export function markDemoLedger(folder: string, mark: DemoMark): DemoMark {
  const path = markPath(folder)
  if (existsSync(path)) return parseMark(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (readdirSync(folder).length > 0) {
    throw new OperatorError(`The demo does not write into ${folder}`, {
      seen: 'the folder is not empty and no demo made it',
      fix: 'Leave --storage.path out, or give a new folder: made-up figures must not come between real ones.',
    })
  }
  writeFileSync(path, `${JSON.stringify(mark)}\n`)
  return mark
}

/** Throws OperatorError for a folder whose ledger holds the figures of the demo. */
export function refuseDemoLedger(folder: string): void {
  if (!existsSync(markPath(folder))) return
  throw new OperatorError(`The ledger in ${folder} holds the made-up figures of the demo`, {
    fix: 'Give another --storage.path, or remove the folder if the demo is not wanted any more. Reports show the demo with --no-sync.',
  })
}

function markPath(folder: string): string {
  return join(folder, 'demo.json')
}

function parseMark(path: string): DemoMark {
  try {
    const { start, days } = JSON.parse(readFileSync(path, 'utf8')) as Partial<DemoMark>
    if (typeof start === 'number' && typeof days === 'number') return { start, days }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new OperatorError(`Cannot read ${path}`, {
    seen: 'not what the demo writes there',
    fix: 'Give a new folder as --storage.path.',
  })
}
