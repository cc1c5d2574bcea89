import { FILE_CLASS, type FileClass } from '../pi-log/context.ts'

/** Kinds of transcript files, and how close to the original each is. */
const CLASS_OF_KIND = {
  live: FILE_CLASS.primary,
  topic: FILE_CLASS.primary,
  reset: FILE_CLASS.setAside,
  deleted: FILE_CLASS.setAside,
  /** Moved away by the migration to SQLite. */
  imported: FILE_CLASS.archive,
  /** Compressed by OpenClaw 2026.8 and later. */
  archive: FILE_CLASS.archive,
  /** Compressed, with each entry in an envelope. */
  cold: FILE_CLASS.archive,
  checkpoint: FILE_CLASS.copy,
  backup: FILE_CLASS.copy,
} as const satisfies Record<string, FileClass>
export type TranscriptKind = keyof typeof CLASS_OF_KIND

/** What the place of a file below the state folder tells about it. */
export interface TranscriptName {
  readonly kind: TranscriptKind
  readonly agent: string
  /** Session id; `''` where only the content has it. */
  readonly session: string
  readonly encoding: 'plain' | 'zstd'
}

export function fileClassOf(kind: TranscriptKind): FileClass {
  return CLASS_OF_KIND[kind]
}

/** Agent of the folder `sessions` that the first releases kept beside `agents`; the later ones move it below `main`. */
const DEFAULT_AGENT = 'main'
const PLACE = /^(?:agents\/([^/]+)\/(sessions|session-sqlite-import-archive)|sessions)\/(?:.*\/)?([^/]+)$/
/** `<session>[.checkpoint.<id>].jsonl[.<what happened to it>]` */
const NAME = /^(.+?)(\.checkpoint\.[^.]+)?\.jsonl(?:\.(.+))?$/
const COMPRESSED = /^(.+?)(?:\.[0-9a-f]{32})?\.zst$/
const IN_COLD_STORAGE = /\/cold\/[^/]+$/
/** No transcripts: trace data, a lock beside a file, archives in formats that OpenClaw never writes. */
const NO_TRANSCRIPT = /\.trajectory\.jsonl|\.(?:lock|gz|sqlite)$/

/**
 * Reads the name of a file below the state folder, with `/` on every platform. Every file that may hold a transcript is
 * taken, copies and backups included: some responses are in a backup only. Null for anything else.
 */
export function readTranscriptName(relative: string): TranscriptName | null {
  const place = PLACE.exec(relative)
  if (place === null) return null
  const [, agent = DEFAULT_AGENT, folder = 'sessions', fullName = ''] = place
  const plainName = COMPRESSED.exec(fullName)?.[1]
  const encoding = plainName === undefined ? 'plain' : 'zstd'
  const name = plainName ?? fullName
  const match = NAME.exec(name)
  if (match === null || NO_TRANSCRIPT.test(name)) return null
  const [, stem = '', checkpoint, suffix = ''] = match
  if (IN_COLD_STORAGE.test(relative)) return { kind: 'cold', agent, session: '', encoding }
  const isImported = folder === 'session-sqlite-import-archive'
  return {
    kind: isImported ? 'imported' : kindOf(stem, checkpoint !== undefined, suffix, encoding),
    agent,
    session: isImported ? stem.slice(stem.lastIndexOf('.') + 1) : stem,
    encoding,
  }
}

function kindOf(stem: string, isCheckpoint: boolean, suffix: string, encoding: 'plain' | 'zstd'): TranscriptKind {
  if (isCheckpoint) return 'checkpoint'
  if (encoding === 'zstd') return 'archive'
  if (suffix === '') return /-topic-[^-]+$/.test(stem) ? 'topic' : 'live'
  if (suffix.startsWith('reset')) return 'reset'
  if (suffix.startsWith('deleted')) return 'deleted'
  return 'backup'
}
