import type { Config } from './config/config.ts'
import { enabledSources } from './config/enabled-sources.ts'
import { createSources, type Machine } from './sources/create-sources.ts'
import type { Source } from './sources/source.ts'

/** The sources that the configuration has read. */
export function configuredSources(config: Config, machine: Machine): Source[] {
  const { sources, tail, projects } = config
  const enabled = enabledSources(config)
  return createSources({ machine, ...sources, tail, projects }).filter(({ name }) => enabled.includes(name))
}
