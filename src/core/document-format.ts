/**
 * What can be written of an overview: the page as one file, a report to read, the document of older scripts, the status
 * document, and a part of a Markdown file.
 */
export const DOCUMENT_FORMATS = ['html', 'markdown', 'json', 'status', 'section'] as const
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number]
