import path from 'node:path'
import type { RootStatus } from '../../core/status.ts'
import { isWithin } from './within.ts'

/** Files and folders below the roots that cannot be read, with the code of the system's refusal. */
export class Problems {
  readonly #files = new Map<string, string>()
  readonly #folders = new Map<string, string>()

  fileFailed(file: string, code: string): void {
    this.#files.set(file, code)
  }

  fileRead(file: string): void {
    this.#files.delete(file)
  }

  /** Takes what a search for everything ran into, in place of what is known. */
  searched(unreadable: readonly { readonly path: string; readonly code: string }[]): void {
    this.#files.clear()
    this.#folders.clear()
    for (const { path: folder, code } of unreadable) this.#folders.set(folder, code)
  }

  /** The status of a root with what is wrong below it: part of its logs is read, so it is not unreadable as a whole. */
  addTo(root: RootStatus): RootStatus {
    if (root.state !== 'ok') return root
    const own = [...this.#folders, ...this.#files].filter(([place]) => isWithin(place, root.path))
    const [first, ...others] = own
    if (first === undefined) return root
    const more = others.length === 0 ? '' : `, nor can ${others.length} more`
    return { ...root, problem: `${path.relative(root.path, first[0])} cannot be read (${first[1]})${more}.` }
  }
}
