import type { DocumentFormat } from '../../core/document-format.ts'
import { OperatorError } from '../../core/errors.ts'
import { type Replaced, replaceFile } from './replace-file.ts'
import { SECTION_BEGIN, SECTION_END, withSection } from './section.ts'

/** Writes a document as a file of its own, in the place of an earlier one. Rejects with OperatorError. */
export function writeDocument(path: string, text: string): Promise<Replaced> {
  return replaceFile(path, () => text)
}

/** Brings the section in a file up to date. Rejects with OperatorError, also where there is no such file. */
export function updateSection(path: string, section: string): Promise<Replaced> {
  return replaceFile(path, (before) => {
    if (before !== null) return withSection(before, section, path)
    throw new OperatorError('There is no such file to keep a section in', {
      seen: path,
      fix: `Make it first (empty will do). The section goes between the lines ${SECTION_BEGIN} and ${SECTION_END}, or to the end where there are none.`,
    })
  })
}

/** Puts a document where its format belongs: a section into a file that is there, all others into one of their own. */
export function putDocument(format: DocumentFormat, path: string, text: string): Promise<Replaced> {
  return format === 'section' ? updateSection(path, text) : writeDocument(path, text)
}
