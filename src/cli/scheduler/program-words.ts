import { OperatorError } from '../../core/errors.ts'

/** How this program is started again by somebody else. */
export interface ProgramWords {
  readonly words: readonly string[]
  /** What may go wrong with it later; null: nothing known. */
  readonly note: string | null
}

/**
 * The program that runs now: this Node.js, because schedulers know no version manager and little of a `PATH`, and the
 * file it was started with.
 *
 * @param node absolute path
 * @param script absolute path as on the command line, so that a link that updates leave alone stays one
 */
export function runningProgram(node: string, script: string | undefined): ProgramWords {
  if (script === undefined || script.endsWith('.ts')) {
    throw new OperatorError('A scheduler cannot start the program from its source', {
      seen: script ?? 'no file',
      fix: 'Build it and use dist/main.js, or name what to start with --program.',
    })
  }
  return { words: [node, script], note: noteOf(node, script) }
}

function noteOf(node: string, script: string): string | null {
  if (/[\\/]_npx[\\/]/.test(script)) {
    return `The program was started by npx, from a cache that is cleared at times (${script}): install it, and run this again.`
  }
  if (/[\\/](\.?nvm|\.?fnm|fnm_multishells|\.?volta|\.?asdf|mise|n)[\\/]/.test(node)) {
    return `Node.js belongs to a version manager (${node}): run this again after an update of Node.js.`
  }
  return null
}
