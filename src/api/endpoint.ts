import type * as z from 'zod/mini'
import type { ApiContext } from './context.ts'
import { type Parameters, readQuery, type Values } from './parameter.ts'

export interface EndpointText {
  readonly summary: string
  /** More about it, in sentences. */
  readonly about?: string
  /** What the words in braces of the path stand for. */
  readonly path?: Readonly<Record<string, string>>
  /** Statuses of problems, beside those which every path may answer. */
  readonly problems?: readonly number[]
}

/** Values of the words in braces. */
export type PathValues = Readonly<Record<string, string>>

/** One path that can be read: what it takes, what it answers, and how. */
export interface Endpoint {
  readonly text: EndpointText
  readonly parameters: Parameters
  readonly document: z.ZodMiniType
  /**
   * `snapshot` takes no reading of the ledger, `ledger` a long one, so that they have to wait for each other. `now` is
   * never given twice.
   */
  readonly cost: 'snapshot' | 'ledger' | 'now'
  /** Checks the query, without doing anything yet. Throws ApiProblem. */
  ask(query: URLSearchParams, path: PathValues): Question
}

export interface Question {
  /** The same for questions that have the same answer. */
  readonly key: string
  /** Throws ApiProblem; rejects with LedgerError. */
  answer(context: ApiContext): Promise<unknown>
}

export function endpoint<P extends Parameters, Document extends z.ZodMiniType>({
  text,
  parameters,
  document,
  cost,
  answer,
}: {
  readonly text: EndpointText
  readonly parameters: P
  readonly document: Document
  readonly cost: Endpoint['cost']
  answer(values: Values<P>, context: ApiContext, path: PathValues): z.output<Document> | Promise<z.output<Document>>
}): Endpoint {
  return {
    text,
    parameters,
    document,
    cost,
    ask(query, path) {
      const values = readQuery(parameters, query)
      const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
      return {
        key: JSON.stringify([path, sorted]),
        answer: async (context) => answer(values, context, path),
      }
    },
  }
}
