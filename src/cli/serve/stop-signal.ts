import type { Io } from '../io.ts'

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const
export type StopSignal = keyof typeof SIGNALS

export interface StopSignals {
  /** Resolves with the first one. */
  readonly first: Promise<StopSignal>
  /** Stops listening. */
  dispose(): void
}

/** Waits to be asked to stop. Who asks twice does not want to wait: the second signal ends the process at once. */
export function awaitStopSignal({ events, exit }: Pick<Io, 'events' | 'exit'>): StopSignals {
  let resolve: (signal: StopSignal) => void = () => {}
  const first = new Promise<StopSignal>((settle) => {
    resolve = settle
  })
  let isAsked = false
  const listeners = (Object.keys(SIGNALS) as StopSignal[]).map((signal) => {
    const listener = () => {
      if (isAsked) exit(SIGNALS[signal])
      isAsked = true
      resolve(signal)
    }
    events.on(signal, listener)
    return { signal, listener }
  })
  return {
    first,
    dispose() {
      for (const { signal, listener } of listeners) events.off(signal, listener)
    },
  }
}
