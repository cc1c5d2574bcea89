import { setImmediate } from 'node:timers/promises'
import type { SourceName } from '../../src/core/usage.ts'
import { Follower, type FollowerOptions } from '../../src/ingest/follow.ts'
import type { Source, SourceStatus } from '../../src/sources/source.ts'

interface Options extends Omit<FollowerOptions, 'events'> {
  readonly committed: FollowerOptions['events']['committed']
}

/** A source that is read when the test says so, instead of when the file system tells of a change. */
export class FollowedSource {
  readonly #source: Source
  readonly #follower: Follower
  #changed: (paths: readonly string[] | null) => void = () => {}
  #done: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | null = null

  constructor({ source, committed, ...options }: Options) {
    this.#source = source
    this.#follower = new Follower({
      ...options,
      source: {
        name: source.name,
        restore: (streams) => source.restore(streams),
        read: (how) => source.read(how),
        status: () => source.status(),
        gone: () => source.gone(),
        follow: async (changed) => {
          this.#changed = changed
          return async () => {}
        },
      },
      events: {
        committed,
        started: () => {},
        finished: () => this.#done?.resolve(),
        failed: (error) => this.#done?.reject(error),
      },
    })
  }

  get name(): SourceName {
    return this.#source.name
  }

  status(): SourceStatus {
    return this.#source.status()
  }

  async start(): Promise<void> {
    await this.#untilFinished(() => this.#follower.load())
    await this.#follower.follow()
  }

  async readAgain(): Promise<void> {
    await this.#untilFinished(() => this.#changed(null))
    // What the follower does after reading begins at once, and later questions to the ledger wait for it.
    await setImmediate()
  }

  stop(): Promise<void> {
    return this.#follower.stop()
  }

  async #untilFinished(work: () => unknown): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      this.#done = { resolve, reject }
    })
    await Promise.all([finished, work()])
  }
}
