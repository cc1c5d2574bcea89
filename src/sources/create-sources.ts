import { statSync } from 'node:fs'
import type { Billing } from '../core/usage.ts'
import { claudeCodeFormat } from './claude-code/format.ts'
import { FileSource } from './files/file-source.ts'
import type { LogFormat } from './files/format.ts'
import type { TailOptions } from './files/tail-options.ts'
import { openClawFormat, openClawSource } from './openclaw/index.ts'
import { piFormat } from './pi/format.ts'
import { createProjectName, type ProjectNameOptions } from './project-name.ts'
import type { Source } from './source.ts'

/** What sources need to know of the machine they run on. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Home folder by the operating system. */
  readonly home: string
}

export interface AgentOptions {
  readonly enabled: boolean
  /** Folders to read instead of the usual ones; empty for those. */
  readonly roots: readonly { readonly path: string; readonly billing?: Billing }[]
  /** Who pays for what is found in folders without a setting of their own. */
  readonly billing: Billing
}

export interface SourcesOptions {
  readonly machine: Machine
  readonly claudeCode: AgentOptions
  readonly openclaw: AgentOptions
  readonly pi: AgentOptions
  readonly tail: Partial<TailOptions>
  readonly projects: ProjectNameOptions
}

/** A source for every agent that is switched on. */
export function createSources({ machine, claudeCode, openclaw, pi, tail, projects }: SourcesOptions): Source[] {
  const projectName = createProjectName(projects)
  const files = (format: LogFormat) => new FileSource(format, { tail })
  const sources: Source[] = []
  if (claudeCode.enabled) {
    sources.push(files(claudeCodeFormat({ ...machine, ...claudeCode, isFolder, projectName })))
  }
  if (openclaw.enabled) {
    const options = { ...machine, ...openclaw, projectName }
    sources.push(openClawSource(files(openClawFormat(options)), options))
  }
  if (pi.enabled) sources.push(files(piFormat({ ...machine, ...pi, projectName })))
  return sources
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
