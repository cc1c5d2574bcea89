import { asObject } from './json.ts'

const TOOL_RESULTS: readonly unknown[] = ['tool_result', 'toolResult']
const PICTURES_AND_FILES: readonly unknown[] = ['image', 'document', 'file', 'audio', 'video']

/**
 * Whether the content of a message of role `user` is something that was said to the agent: text, pictures, files; not
 * the result of a tool. Text that `isMachines` knows as written by the agent itself does not count. Nothing is kept.
 */
export function isPrompt(content: unknown, isMachines: (text: string) => boolean): boolean {
  const isSaid = (text: unknown): boolean => typeof text === 'string' && /\S/.test(text) && !isMachines(text)
  if (!Array.isArray(content)) return isSaid(content)
  const blocks = content.map(asObject)
  if (blocks.some((block) => TOOL_RESULTS.includes(block?.['type']))) return false
  return blocks.some((block) => isSaid(block?.['text']) || PICTURES_AND_FILES.includes(block?.['type']))
}
