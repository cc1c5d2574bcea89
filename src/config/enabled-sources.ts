import type { SourceName } from '../core/usage.ts'
import type { Config } from './config.ts'
import { isChosen } from './source-choice.ts'

/** The agents whose logs are to be read. */
export function enabledSources({ sources }: Config): SourceName[] {
  const enabled: Readonly<Record<SourceName, boolean>> = {
    'claude-code': sources.claudeCode.enabled,
    openclaw: sources.openclaw.enabled,
    pi: sources.pi.enabled,
  }
  return (Object.keys(enabled) as SourceName[]).filter((name) => enabled[name] && isChosen(sources.read, name))
}
