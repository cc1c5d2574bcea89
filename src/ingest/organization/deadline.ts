/** The time limit of a run together with the signal that stops the program. */
export interface Deadline {
  /** Aborts at either. */
  readonly signal: AbortSignal
  /** True when it was the limit. */
  isOver(): boolean
  /** Milliseconds. */
  remaining(): number
  /** Frees the timer and the listener. */
  close(): void
}

/** Begins a time limit, milliseconds. Not `AbortSignal.any`: a signal that lives as long as the program would keep each. */
export function openDeadline(outer: AbortSignal, limitMs: number): Deadline {
  const controller = new AbortController()
  const endsAt = performance.now() + limitMs
  let isOver = false
  const stop = () => controller.abort(outer.reason)
  const timer = setTimeout(() => {
    isOver = !controller.signal.aborted
    controller.abort(new DOMException('the time limit of the run', 'TimeoutError'))
  }, limitMs)
  if (outer.aborted) stop()
  else outer.addEventListener('abort', stop, { once: true })
  return {
    signal: controller.signal,
    isOver: () => isOver,
    remaining: () => endsAt - performance.now(),
    close: () => {
      clearTimeout(timer)
      outer.removeEventListener('abort', stop)
    },
  }
}

/** Waits, milliseconds, or until the signal aborts; never rejects. */
export function sleepUntil(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
