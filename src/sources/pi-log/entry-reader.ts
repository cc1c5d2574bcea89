import { FLAG } from '../../core/usage.ts'
import type { ScanOutput } from '../files/format.ts'
import type { CountCheck } from '../lib/counts.ts'
import { asObject, type JsonObject, parseObject } from '../lib/json.ts'
import { label } from '../lib/label.ts'
import { readTime, type TimeCheck } from '../lib/time.ts'
import { NO_SESSION, type TranscriptContext } from './context.ts'
import { type Header, NO_HEADER, readHeader, savedHeader } from './header.ts'
import { entryIdentity, messageIdentity, toolResultIdentity } from './identity.ts'
import { type ModelAt, type ModelName, ModelPath } from './model-path.ts'
import { type AnsweringModel, type Draft, type TranscriptFacts, toRecord } from './record.ts'
import { isEmpty, readUsage } from './usage.ts'

/**
 * Start of a line as pi and OpenClaw write it. Lines that cannot matter are passed over with their ids alone: those are
 * needed to follow the tree of entries.
 */
const ENTRY_PREFIX =
  /^\s*\{\s*"type"\s*:\s*"[^"\\]*"\s*,\s*"id"\s*:\s*"([\w-]+)"\s*,\s*"parentId"\s*:\s*(?:null|"([\w-]+)")\s*[,}]/
const ENTRY_PREFIX_CHARS = 256

/** Providers and models of local copies of delivered text, which no model ever answered. */
const MIRROR_PROVIDERS = new Set(['openclaw', 'clawdbot', 'moltbot', ''])
const MIRROR_MODELS = new Set(['delivery-mirror', 'gateway-injected'])

/** Reads the entries of one transcript in order, and remembers what later entries need. Never throws. */
export class EntryReader {
  readonly #context: TranscriptContext
  #header: Header = NO_HEADER
  /** Time of the first dated entry, epoch milliseconds; 0 while there is none. */
  #firstTime = 0
  #models = new ModelPath()
  #facts: TranscriptFacts

  constructor(context: TranscriptContext, state: string | null) {
    this.#context = context
    const saved = state === null ? null : parseObject(state)
    if (saved !== null) {
      this.#header = savedHeader(saved['header'])
      this.#firstTime = readTime(saved['firstTime'], { bad: false }) ?? 0
      this.#models = ModelPath.fromJSON(saved['models'])
    }
    this.#facts = this.#factsNow()
  }

  /** Session of the entries read so far. */
  get session(): string {
    return this.#facts.session
  }

  state(): string {
    return JSON.stringify({ header: this.#header, firstTime: this.#firstTime, models: this.#models })
  }

  /**
   * Passes over an entry that holds no usage, by the first characters of its text. False when the text starts in an
   * unusual way; then `read` has to look at it.
   */
  skip(text: string): boolean {
    const ids = ENTRY_PREFIX.exec(text.length > ENTRY_PREFIX_CHARS ? text.slice(0, ENTRY_PREFIX_CHARS) : text)
    if (ids === null) return false
    this.#models.add(ids[1], ids[2], null)
    return true
  }

  /** Reads one entry. `fallbackMs` dates it where it has no time itself; without, the file's time does. */
  read(text: string, out: ScanOutput, fallbackMs = this.#context.modifiedMs): void {
    const entry = parseObject(text)
    if (entry === null) {
      out.reject('malformed')
      return
    }
    const checks = { counts: { bad: false }, times: { bad: false } }
    const entryTime = readTime(entry['timestamp'], checks.times)
    if (this.#firstTime === 0 && entryTime !== null) {
      this.#firstTime = entryTime
      this.#facts = this.#factsNow()
    }
    const draft = this.#draft(entry, entryTime, checks)
    if (checks.counts.bad) out.reject('bad_value')
    if (checks.times.bad) out.reject('bad_time')
    if (draft !== null) out.records.push(toRecord(draft, this.#facts, fallbackMs))
  }

  #draft(entry: JsonObject, entryTime: number | null, checks: Checks): Draft | null {
    const message = asObject(entry['message'])
    switch (entry['type']) {
      case 'session':
        this.#header = readHeader(entry)
        this.#facts = this.#factsNow()
        return null
      case 'model_change':
        return this.#noteModel(entry, modelName(entry['provider'], entry['modelId']))
      case 'custom': {
        const data = entry['customType'] === 'model-snapshot' ? asObject(entry['data']) : null
        return this.#noteModel(entry, data && modelName(data['provider'], data['modelId']))
      }
      case 'message':
        if (message?.['role'] === 'assistant') return this.#assistant(entry, message, entryTime, checks)
        if (message?.['role'] === 'toolResult') return this.#toolResult(entry, message, entryTime, checks)
        return this.#noteModel(entry, null)
      case 'usage':
      case 'compaction':
      case 'branch_summary':
        return this.#ownWork(entry, entry['type'], entryTime, checks)
      default:
        return this.#noteModel(entry, null)
    }
  }

  #assistant(entry: JsonObject, message: JsonObject, entryTime: number | null, checks: Checks): Draft | null {
    const provider = label(message['provider'])
    const model = label(message['model'])
    if (MIRROR_MODELS.has(model) && MIRROR_PROVIDERS.has(provider)) return this.#noteModel(entry, null)
    const usageFields = asObject(message['usage'])
    // Text that the agent itself put into the transcript carries neither usage nor the name of a model.
    if (usageFields === null && provider === '' && model === '') return this.#noteModel(entry, null)

    const time = readTime(message['timestamp'], checks.times) ?? entryTime
    const usage = readUsage(usageFields ?? {}, checks.counts)
    const at = this.#models.at(entry['parentId'])
    this.#noteModel(entry, modelName(provider, model))
    const moment = { time, entryId: label(entry['id']) }
    const responseId = label(message['responseId'])
    return {
      key: messageIdentity(moment, { provider, model, responseId }, usage),
      answeredBy: answeringModel(provider, model, at),
      moment,
      usage,
      flags: isEmpty(usage) ? (hasFailed(message) ? FLAG.error : FLAG.noUsage) : 0,
    }
  }

  /** Model work inside a tool call. Tools that ran no model may report zeros, which is no response. */
  #toolResult(entry: JsonObject, message: JsonObject, entryTime: number | null, checks: Checks): Draft | null {
    const at = this.#models.at(entry['parentId'])
    this.#noteModel(entry, null)
    const usageFields = asObject(message['usage'])
    if (usageFields === null) return null
    const usage = readUsage(usageFields, checks.counts)
    if (isEmpty(usage)) return null
    const model = label(message['model'])
    const moment = { time: readTime(message['timestamp'], checks.times) ?? entryTime, entryId: label(entry['id']) }
    return {
      key: toolResultIdentity(moment, model, usage),
      answeredBy: answeringModel(label(message['provider']), model, at),
      moment,
      usage,
      flags: 0,
    }
  }

  /** Calls that are no message: cache warming, the summary of a compaction or of a branch that was left. */
  #ownWork(entry: JsonObject, type: string, entryTime: number | null, checks: Checks): Draft | null {
    // A branch summary hangs where the work goes on; what it summarises, and which model did, is where `fromId` says.
    const at = this.#models.at(type === 'branch_summary' ? entry['fromId'] : entry['parentId'])
    this.#noteModel(entry, null)
    const usageFields = asObject(entry['usage'])
    if (usageFields === null) return null
    const usage = readUsage(usageFields, checks.counts)
    const moment = { time: entryTime, entryId: label(entry['id']) }
    return {
      key: entryIdentity(moment, type, label(entry['kind']), usage),
      answeredBy: answeringModel(label(entry['provider']), label(entry['model']), at),
      moment,
      usage,
      flags: isEmpty(usage) ? FLAG.noUsage : 0,
    }
  }

  #noteModel(entry: JsonObject, name: ModelName | null): null {
    this.#models.add(entry['id'], entry['parentId'], name)
    return null
  }

  #factsNow(): TranscriptFacts {
    const context = this.#context
    const { id, cwd, isFork } = this.#header
    const session = context.trustsHeaderId ? id || context.session : context.session || id
    return {
      source: context.source,
      billing: context.billing,
      agent: context.agent,
      session: session || NO_SESSION,
      project: (cwd === '' ? '' : context.projectName(cwd)) || context.project,
      ownerRank: context.fileClass * 2 + (isFork ? 1 : 0),
      firstTime: this.#firstTime,
    }
  }
}

interface Checks {
  readonly counts: CountCheck
  readonly times: TimeCheck
}

function modelName(provider: unknown, model: unknown): ModelName | null {
  const name = { provider: label(provider), model: label(model) }
  return name.model === '' ? null : name
}

/** The model of a response: its own, or the one in force where it has none. */
function answeringModel(provider: string, model: string, at: ModelAt): AnsweringModel {
  if (model !== '') return { provider, model, isExact: true }
  return { provider: provider || (at.name?.provider ?? ''), model: at.name?.model ?? '', isExact: at.isExact }
}

function hasFailed(message: JsonObject): boolean {
  return message['stopReason'] === 'error' || message['stopReason'] === 'aborted'
}
