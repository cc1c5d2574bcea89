export interface OperatorErrorDetail {
  /** What was found, as it stood. Never a secret. */
  readonly seen?: unknown
  /** What the operator can do about it. */
  readonly fix?: string
  readonly cause?: unknown
}

/** Something the person running the program can put right. Printed without a stack; the exit code is 2. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
  readonly seen: unknown
  readonly fix: string | undefined

  constructor(message: string, detail: OperatorErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.seen = detail.seen
    this.fix = detail.fix
  }
}
