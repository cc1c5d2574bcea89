/** Collects what comes within a short time and hands it over together, each path once. */
export class Coalescer {
  readonly #waitMs: number
  readonly #deliver: (paths: ReadonlyMap<string, PathEvent>) => void
  #paths = new Map<string, PathEvent>()
  #timer: NodeJS.Timeout | null = null

  constructor(waitMs: number, deliver: (paths: ReadonlyMap<string, PathEvent>) => void) {
    this.#waitMs = waitMs
    this.#deliver = deliver
  }

  add(path: string, event: PathEvent): void {
    if (event === 'renamed' || !this.#paths.has(path)) this.#paths.set(path, event)
    this.#timer ??= setTimeout(() => this.#flush(), this.#waitMs).unref()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #flush(): void {
    const paths = this.#paths
    this.#paths = new Map()
    this.#timer = null
    this.#deliver(paths)
  }
}

/** `renamed`: something came, went or was replaced at the path. */
export type PathEvent = 'changed' | 'renamed'
