/** An error answer of the provider: it becomes the body and status of the response. */
export class ApiFailure extends Error {
  readonly status: number
  readonly type: string
  readonly errorCode: string | undefined

  constructor(status: number, message: string, errorCode?: string) {
    super(message)
    this.status = status
    this.type = ERROR_TYPES[status] ?? 'api_error'
    this.errorCode = errorCode
  }
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** The body of an error. */
export function errorBody(failure: ApiFailure, requestId: string): unknown {
  return {
    type: 'error',
    error: {
      type: failure.type,
      message: failure.message,
      ...(failure.errorCode === undefined ? {} : { details: { error_code: failure.errorCode } }),
    },
    request_id: requestId,
  }
}

export function badRequest(message: string): ApiFailure {
  return new ApiFailure(400, message)
}
