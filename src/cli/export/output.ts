import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { createNewFile, type TextOutput } from '../../backfill/new-file.ts'
import { OperatorError } from '../../core/errors.ts'
import type { Io } from '../io.ts'
import type { ExportOptions } from './command.ts'
import type { ExportFormat } from './document.ts'

const STANDARD_OUTPUT = '-'

export interface ExportOutput extends TextOutput {
  readonly format: ExportFormat
  /** Null for standard output. */
  readonly path: string | null
}

/** Rejects with OperatorError where a file is in the way or cannot be made. */
export async function openOutput(io: Io, { output, format, force = false }: ExportOptions): Promise<ExportOutput> {
  if (output === STANDARD_OUTPUT) return standardOutput(io, format ?? 'csv')
  const path = resolve(io.host.workingFolder, output)
  if (!force && existsSync(path)) {
    throw new OperatorError('The export would overwrite a file', {
      seen: path,
      fix: 'Give another name, or replace it with --force.',
    })
  }
  const file = await createNewFile(path, { force })
  return {
    format: format ?? (extname(path).toLowerCase() === '.json' ? 'json' : 'csv'),
    path,
    get bytes() {
      return file.bytes
    },
    write: (text) => file.write(text),
    complete: () => file.complete(),
    discard: () => file.discard(),
  }
}

function standardOutput({ stdout, flush }: Io, format: ExportFormat): ExportOutput {
  let bytes = 0
  return {
    format,
    path: null,
    get bytes() {
      return bytes
    },
    async write(text) {
      stdout.write(text)
      bytes += Buffer.byteLength(text)
      await flush()
    },
    complete: async () => {},
    discard: async () => {},
  }
}
