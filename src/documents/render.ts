import type { DocumentFormat } from '../core/document-format.ts'
import type { Overview } from '../overview/overview.ts'
import { renderPage } from '../page/page.ts'
import { jsonText } from '../report/json.ts'
import { markdownReport } from './markdown/report.ts'
import { markdownSection } from './markdown/section.ts'

export interface DocumentParts {
  /** Of the page: what stands in a file that opens without a server. */
  readonly assets: { readonly style: { readonly text: string }; readonly script: { readonly text: string } }
  /** When this document is written again, epoch milliseconds; null: not known. */
  readonly nextAt: number | null
}

/** A document of any format. The same overview gives the same text. */
export function renderDocument(format: DocumentFormat, overview: Overview, { assets, nextAt }: DocumentParts): string {
  switch (format) {
    case 'html':
      return renderPage(overview, {
        assets: { kind: 'inline', style: assets.style.text, script: assets.script.text },
        telemetryPath: null,
      })
    case 'markdown':
      return markdownReport(overview, nextAt)
    case 'json':
      return jsonText(overview.claudeUsage)
    case 'status':
      return jsonText(overview.status)
    case 'section':
      return markdownSection(overview, nextAt)
  }
}
