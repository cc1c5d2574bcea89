import { readFile, stat } from 'node:fs/promises'
import type { DocumentFormat } from '../../core/document-format.ts'
import { sectionWrittenAt } from '../markdown/section.ts'
import { sectionIn } from './section.ts'

/**
 * When a document was last written to a file, epoch milliseconds; null: never, or that cannot be seen. A section tells
 * it itself, because others write to the file around it as well. Never rejects: writing tells of what is wrong.
 */
export async function lastWritten(format: DocumentFormat, path: string): Promise<number | null> {
  try {
    if (format !== 'section') return (await stat(path)).mtimeMs
    const section = sectionIn(await readFile(path))
    return section === null ? null : sectionWrittenAt(section)
  } catch {
    return null
  }
}
