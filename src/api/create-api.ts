import { LedgerError } from '../ledger/ledger.ts'
import { type Body, createBody } from '../lib/body.ts'
import { Answers } from './answers.ts'
import type { ApiContext, ApiParts } from './context.ts'
import type { PathValues } from './endpoint.ts'
import { READS } from './endpoints.ts'
import { readQuery } from './parameter.ts'
import type { ActionPath, ReadPath } from './paths.ts'
import { ApiProblem } from './problem.ts'
import { SyncStarter } from './sync.ts'
import { Turns } from './turns.ts'

/** How long an answer may be given again although something has changed. */
const MOMENT_MS = 1_000
const MAX_WAITING = 16

/**
 * The API without HTTP; documents come as JSON. All methods reject with ApiProblem for whatever the request is to blame
 * for, and for overload.
 */
export interface Api {
  read(path: ReadPath, values: PathValues, query: URLSearchParams): Promise<Body>
  act(path: ActionPath, values: PathValues, query: URLSearchParams): Promise<Body>
  /** What every answer is made from, for those who make documents of their own. */
  context(): ApiContext
  /** Waits until no other long reading of the ledger is under way. Throws ApiProblem when too many wait. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
}

export function createApi(parts: ApiParts): Api {
  const answers = new Answers(MOMENT_MS)
  const turns = new Turns(MAX_WAITING)
  const starter = new SyncStarter(parts.sync, parts.ledger, () => parts.now())
  const context = (): ApiContext => ({ ...parts, at: parts.now(), current: parts.snapshot() })
  return {
    async read(path, values, query) {
      const { ask, cost } = READS[path]
      const { key, answer } = ask(query, values)
      const make = async () => createBody(JSON.stringify(await answer(context())))
      if (cost === 'now') return explained(make())
      const { version } = parts.snapshot()
      return explained(answers.get(`${path} ${key}`, version, () => (cost === 'ledger' ? turns.take(make) : make())))
    },
    async act(path, values, query) {
      readQuery({}, query)
      const document =
        path === '/api/sync/{source}'
          ? starter.startSource(values['source'] ?? '', context())
          : starter.startAnthropic(context())
      return explained(document.then((made) => createBody(JSON.stringify(made))))
    },
    context,
    inTurn: (work) => explained(turns.take(work)),
  }
}

/** A ledger that cannot be read now is nothing that the program does wrong. */
async function explained<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const failure = error instanceof LedgerError ? error.failure : null
    if (failure === 'busy') {
      throw new ApiProblem(503, 'The ledger is busy: ask again in a moment.', { retryAfterSeconds: 1 })
    }
    if (failure === 'away') {
      const detail = 'The database of the ledger cannot be reached. The metrics show what was last known.'
      throw new ApiProblem(503, detail, { retryAfterSeconds: 10 })
    }
    throw error
  }
}
