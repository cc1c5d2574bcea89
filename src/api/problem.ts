export interface ApiProblemDetail {
  /** Name of the parameter that is wrong. */
  readonly parameter?: string
  /** What would have been right, where that is a list. */
  readonly known?: readonly string[]
  readonly retryAfterSeconds?: number
}

/** Why a request has no other answer. The message is for the person who sent it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: 400 | 403 | 404 | 413 | 429 | 503
  readonly problem: ApiProblemDetail

  constructor(status: ApiProblem['status'], message: string, problem: ApiProblemDetail = {}) {
    super(message)
    this.status = status
    this.problem = problem
  }
}

export function badParameter(parameter: string, message: string): ApiProblem {
  return new ApiProblem(400, message, { parameter })
}
