import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeConversation } from './conversation.ts'
import { createFiller } from './filler.ts'
import { LogWriter, type WrittenLines } from './log-writer.ts'
import type { AgentResult } from './other-lines.ts'
import { type FilePlan, planTree, type SessionPlan, type TreeOptions } from './plan.ts'
import { Random } from './random.ts'
import type { Echo } from './response.ts'
import { type Session, Transcript } from './session.ts'
import { type ModelTruth, sumTokens, TruthBook } from './truth.ts'

/** What a reader of the tree must find. Written beside it as `truth.json`. */
export interface Truth {
  readonly options: TreeOptions
  readonly files: number
  readonly written: WrittenLines
  readonly total: ModelTruth
  readonly totalTokens: number
  /** Responses of which no line has a stop reason. */
  readonly unfinalResponses: number
  readonly models: Readonly<Record<string, ModelTruth>>
}

/** Writes a tree of made-up Claude Code transcripts. Equal options give equal files. */
export function generateTree(options: TreeOptions): Truth {
  const log = new LogWriter(createFiller())
  const book = new TruthBook()
  const writer: TreeWriter = { options, log, book, plannedBytes: 0, responses: new Map() }
  const plans = planTree(options)
  for (const plan of plans) writeSession(writer, plan)
  const total = book.total()
  const truth: Truth = {
    options,
    files: plans.reduce((files, { agents }) => files + 1 + agents.length, 0),
    written: log.written,
    total,
    totalTokens: sumTokens(total.tokens),
    unfinalResponses: book.unfinalResponses,
    models: Object.fromEntries(book.models),
  }
  writeFileSync(join(options.directory, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`)
  return truth
}

interface TreeWriter {
  readonly options: TreeOptions
  readonly log: LogWriter
  readonly book: TruthBook
  /** Bytes the files so far were meant to have; what they have more is taken off the next. */
  plannedBytes: number
  /** Responses in the file of a plan, for those that copy from it. */
  readonly responses: Map<FilePlan, number>
}

function writeSession(writer: TreeWriter, { main, agents, forkOf }: SessionPlan): void {
  const folder = join(writer.options.directory, 'projects', main.session.cwd.replaceAll(/[^A-Za-z0-9]/g, '-'))
  const results = agents.map((plan) => writeAgent(writer, join(folder, main.session.id, 'subagents'), plan))
  writeFile(writer, join(folder, `${main.session.id}.jsonl`), main, forkOf, results)
}

function writeAgent(writer: TreeWriter, folder: string, plan: FilePlan): AgentResult {
  const agentId = plan.session.agentId ?? ''
  const path = join(folder, `agent-${agentId}`)
  const echoes = writeFile(writer, `${path}.jsonl`, plan, null, [])
  const { agentType } = plan.session
  writeFileSync(`${path}.meta.json`, JSON.stringify({ agentType, description: 'look around' }))
  return { agentId, echoes }
}

function writeFile(
  writer: TreeWriter,
  path: string,
  plan: FilePlan,
  forkOf: FilePlan | null,
  agents: readonly AgentResult[],
): Echo[] {
  const { options, log } = writer
  mkdirSync(dirname(path), { recursive: true })
  log.open(path)
  const excessBytes = log.written.bytes - writer.plannedBytes
  const length = { ...plan.length, bytes: Math.max(1, plan.length.bytes - excessBytes) }
  const transcript =
    forkOf === null ? startTranscript(writer, plan.session, plan.stream) : copyHistory(writer, plan, forkOf)
  const echoes = writeConversation(transcript, length, agents)
  log.close()
  writer.responses.set(plan, transcript.responses)
  const lastWrite = transcript.timeMs / 1000
  utimesSync(path, lastWrite, lastWrite)
  if (options.bytes !== null) writer.plannedBytes += plan.length.bytes
  return echoes
}

function startTranscript({ options, log, book }: TreeWriter, session: Session, stream: number): Transcript {
  return new Transcript(session, log, new Random(options.seed, stream), book)
}

/** Begins a fork: at most the first half of its original again, under the new session, then on from there. */
function copyHistory(writer: TreeWriter, fork: FilePlan, original: FilePlan): Transcript {
  const { options, log, responses } = writer
  const session = { ...fork.session, copyOf: original.session.id }
  const copy = new Transcript(session, log, new Random(options.seed, original.stream), null)
  const length = { bytes: fork.length.bytes / 2, responses: (responses.get(original) ?? 1) / 2 }
  writeConversation(copy, length, [])
  const own = startTranscript(writer, { ...fork.session, startMs: copy.timeMs }, fork.stream)
  own.cachedTokens = copy.cachedTokens
  return own
}
