import type { Command } from '../lib/child.ts'

/** The shortest program Node.js can run: what every other one takes longer. */
export function bareNode(): Command {
  return { program: process.execPath, args: ['-e', '0'], env: {} }
}
