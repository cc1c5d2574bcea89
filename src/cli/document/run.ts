import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { reportsOf } from '../../config/reports.ts'
import type { DocumentFormat } from '../../core/document-format.ts'
import { updateSection, writeDocument } from '../../documents/files/write-document.ts'
import { renderDocument } from '../../documents/render.ts'
import { escapeControls } from '../../lib/escape.ts'
import { loadPageAssets } from '../../page/assets.ts'
import type { Io } from '../io.ts'
import { openOverview } from '../ledger/open-overview.ts'
import { standardOutput } from '../output/standard-output.ts'
import { formatBytes } from '../terminal/figures.ts'
import type { DocumentOptions } from './command.ts'
import { nextWriting } from './next-writing.ts'
import { documentTargets } from './targets.ts'

/** Writes what the command line asks for. Returns the exit code. */
export async function runDocument(io: Io, command: Command): Promise<number> {
  const options = command.opts<DocumentOptions>()
  const { document, section } = documentTargets(options, io.host)
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const opened = await openOverview(io, loaded, options.sync)
  try {
    const overview = await opened.read()
    const assets = await loadPageAssets()
    const render = async (format: DocumentFormat, path: string | null) => {
      const planned = reportsOf(loaded.config).find((report) => report.format === format && report.output === path)
      const nextAt = planned !== undefined && opened.origin === 'exporter' ? await nextWriting(planned) : null
      return renderDocument(format, overview, { assets, nextAt })
    }
    // Where both go wrong nothing is written: what may be refused comes first.
    if (section !== null) {
      const { isChanged } = await updateSection(section, await render('section', section))
      tell(io, document, `${isChanged ? 'Updated the section in' : 'The section is up to date in'} ${section}.`)
    }
    if (document === null) return 0
    const text = await render(document.format, document.path)
    if (document.path === null) {
      await standardOutput(io).write(text)
      return 0
    }
    const { bytes } = await writeDocument(document.path, text)
    tell(io, document, `Wrote ${document.path}: ${document.format}, ${formatBytes(bytes)}.`)
    return 0
  } finally {
    await opened.close()
  }
}

/** A document on standard output stands there alone. */
function tell(io: Io, document: { readonly path: string | null } | null, text: string): void {
  const output = document?.path === null ? io.stderr : io.stdout
  output.write(`${escapeControls(text)}\n`)
}
