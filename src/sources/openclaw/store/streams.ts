import { label } from '../../lib/label.ts'
import { readTime } from '../../lib/time.ts'
import { FILE_CLASS, type FileClass, type TranscriptContext } from '../../pi-log/context.ts'
import { transcriptScanner } from '../../pi-log/line-scanner.ts'
import { coldScanner } from '../cold-scanner.ts'
import { isHumanMessage, isHumanSession } from '../human-message.ts'
import { blobPages } from './blob-pages.ts'
import type { DatabaseFile } from './find-databases.ts'
import type { Page } from './page.ts'
import { rowPages } from './row-pages.ts'
import { type StreamName, streamName } from './stream-name.ts'
import type { Transcripts } from './transcripts.ts'

/** A session's rows, or one of its transcripts kept as a blob. */
export interface StoreStream {
  readonly name: string
  /** What is new behind the cursor. */
  readonly pages: (cursor: string | null) => Iterable<Page>
}

interface StoreContext {
  /** Dates entries that have no time at all, epoch milliseconds. */
  readonly modifiedMs: number
  readonly projectName: (cwd: string) => string
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Everything in a store that can be read. */
export function* storeStreams(
  transcripts: Transcripts,
  file: DatabaseFile,
  { modifiedMs, projectName, now }: StoreContext,
): Generator<StoreStream> {
  const context = (session: string, key: unknown, fileClass: FileClass, createdAt: unknown): TranscriptContext => ({
    source: 'openclaw',
    fileClass,
    billing: file.billing,
    agent: agentOfKey(key) || file.agent || 'unknown',
    session: label(session),
    trustsHeaderId: false,
    project: 'unknown',
    projectName,
    modifiedMs: readTime(createdAt, { bad: false }) ?? modifiedMs,
    isHumans: isHumanSession(key) ? isHumanMessage : () => false,
    now,
  })
  const name = (kind: StreamName['kind'], session: string, generation: string): string =>
    streamName({ database: file.path, kind, session, generation })

  for (const extent of transcripts.sessions()) {
    const { session } = extent
    yield {
      name: name('rows', session, ''),
      pages: (cursor) =>
        rowPages(transcripts, extent, context(session, transcripts.keyOf(session), FILE_CLASS.primary, null), cursor),
    }
  }
  for (const row of transcripts.archives()) {
    const place = context(row.session, row.key, FILE_CLASS.setAside, row.createdAt)
    const blob = {
      row,
      isCompressed: row.encoding === 'zstd',
      load: () => transcripts.archive(row.row),
      scanner: (state: string | null) => transcriptScanner(place, state),
    }
    yield { name: name('archive', row.session, row.generation), pages: (cursor) => blobPages(blob, cursor) }
  }
  for (const row of transcripts.cold()) {
    const place = context(row.session, transcripts.keyOf(row.session), FILE_CLASS.archive, row.createdAt)
    const blob = {
      row,
      isCompressed: true,
      load: () => transcripts.coldArchive(row.row),
      scanner: (state: string | null) => coldScanner(place, state),
    }
    yield { name: name('cold', row.session, ''), pages: (cursor) => blobPages(blob, cursor) }
  }
}

/** Agent of a session key `agent:<agent>:...`: one database can serve several agents. */
function agentOfKey(key: unknown): string {
  return typeof key === 'string' ? label(/^agent:([^:]+):/.exec(key)?.[1]) : ''
}
