import { extname, resolve } from 'node:path'
import type { TextOutput } from '../../lib/text-output.ts'
import type { Io } from '../io.ts'
import { createNewFile } from '../output/new-file.ts'
import { STANDARD_OUTPUT, standardOutput } from '../output/standard-output.ts'
import type { ExportOptions } from './command.ts'
import type { ExportFormat } from './document.ts'

export interface ExportOutput {
  readonly text: TextOutput
  readonly format: ExportFormat
  /** Null for standard output. */
  readonly path: string | null
}

/** Rejects with OperatorError where a file is in the way or cannot be made. */
export async function openOutput(io: Io, { output, format, force = false }: ExportOptions): Promise<ExportOutput> {
  if (output === STANDARD_OUTPUT) return { text: standardOutput(io), format: format ?? 'csv', path: null }
  const path = resolve(io.host.workingFolder, output)
  return {
    text: await createNewFile(path, { force }),
    format: format ?? (extname(path).toLowerCase() === '.json' ? 'json' : 'csv'),
    path,
  }
}
