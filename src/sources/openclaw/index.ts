import { combineSources } from '../combine.ts'
import type { Source } from '../source.ts'
import { type OpenClawOptions, openClawRoots } from './format.ts'
import { OpenClawStore } from './store/store.ts'

export { type OpenClawOptions, openClawFormat } from './format.ts'

/** Everything OpenClaw leaves behind: `files` reads the transcript files, the store beside it the databases. */
export function openClawSource(files: Source, options: OpenClawOptions): Source {
  const store = new OpenClawStore({ ...options, roots: () => openClawRoots(options) })
  return combineSources('openclaw', { files, store })
}
