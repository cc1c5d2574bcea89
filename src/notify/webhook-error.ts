/** Why a message could not be sent. Closed list: fit for a label value. */
export const SEND_FAILURES = [
  'url',
  'network',
  'timeout',
  'redirect',
  'status',
  'stopped',
  'ledger',
  'internal',
] as const
export type SendFailure = (typeof SEND_FAILURES)[number]

export interface WebhookErrorDetail {
  /** HTTP status, where there was an answer. */
  readonly status?: number
  /** How long the server asks to wait, milliseconds. */
  readonly retryAfterMs?: number
  /** Beginning of the answer's body, without anything of the URL. */
  readonly answer?: string
}

/** A message that was not sent. Neither the message nor the details hold anything of the URL. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError'
  readonly reason: SendFailure
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  readonly answer: string | undefined

  constructor(reason: SendFailure, message: string, detail: WebhookErrorDetail = {}) {
    super(message)
    this.reason = reason
    this.status = detail.status
    this.retryAfterMs = detail.retryAfterMs
    this.answer = detail.answer
  }
}
