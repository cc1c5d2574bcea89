import { extname } from 'node:path'
import { OperatorError } from '../../core/errors.ts'
import { absolutePath } from '../../lib/paths.ts'
import type { Io } from '../io.ts'
import { STANDARD_OUTPUT } from '../output/standard-output.ts'
import type { DocumentOptions, ReportFormat } from './command.ts'

/** What a command line asks to be written, and where to. */
export interface DocumentTargets {
  /** Null where only a section is asked for. */
  readonly document: {
    readonly format: ReportFormat /** Absolute; null: standard output. */
    readonly path: string | null
  } | null
  /** Absolute path of the file with a section; null without one. */
  readonly section: string | null
}

const FORMAT_BY_ENDING: Readonly<Record<string, ReportFormat>> = {
  '.html': 'html',
  '.htm': 'html',
  '.json': 'json',
  '.md': 'markdown',
  '.markdown': 'markdown',
}

/** Throws OperatorError where the options do not fit each other. */
export function documentTargets({ format, output, updateSection }: DocumentOptions, host: Io['host']): DocumentTargets {
  const absolute = (path: string) => absolutePath(host, host.workingFolder, path)
  const chosen = format ?? FORMAT_BY_ENDING[extname(output ?? '').toLowerCase()] ?? 'markdown'
  if (output === '' || updateSection === '') {
    throw new OperatorError('A file without a name cannot be written', { fix: 'Give the name of a file.' })
  }
  if (updateSection === undefined) {
    const path = output === undefined || output === STANDARD_OUTPUT ? null : absolute(output)
    return { document: { format: chosen, path }, section: null }
  }
  if (updateSection === STANDARD_OUTPUT) {
    throw new OperatorError('--update-section needs a file that the section stands in', {
      seen: updateSection,
      fix: 'Give the name of a Markdown file; --output takes - for standard output.',
    })
  }
  if (chosen !== 'markdown') {
    throw new OperatorError('A section is Markdown', {
      seen: `--format ${chosen} with --update-section`,
      fix: 'Leave out --update-section, or use --format markdown; run the command twice for both.',
    })
  }
  const section = absolute(updateSection)
  if (output === undefined) return { document: null, section }
  const path = output === STANDARD_OUTPUT ? null : absolute(output)
  if (path === section) {
    throw new OperatorError('--output and --update-section name the same file', {
      seen: updateSection,
      fix: 'Give each a file of its own: --output replaces all of it.',
    })
  }
  return { document: { format: chosen, path }, section }
}
