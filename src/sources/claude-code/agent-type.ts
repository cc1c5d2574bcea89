import { lstatSync, readFileSync } from 'node:fs'
import { parseObject } from '../lib/json.ts'
import { label } from '../lib/label.ts'

/** The real ones are a few hundred bytes. */
const META_LIMIT_BYTES = 64 * 1024

/** `agentType` of the `.meta.json` beside a sub-agent's log; `''` where there is none that can be read. */
export function readAgentType(logPath: string): string {
  return label(parseObject(readSmallFile(logPath.replace(/\.jsonl$/, '.meta.json')))?.['agentType'])
}

function readSmallFile(path: string): string {
  try {
    const stat = lstatSync(path)
    return stat.isFile() && stat.size <= META_LIMIT_BYTES ? readFileSync(path, 'utf8') : ''
  } catch {
    return ''
  }
}
