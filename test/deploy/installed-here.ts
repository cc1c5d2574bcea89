import { spawnSync } from 'node:child_process'

/**
 * Whether a program can be started that adds to what other tests prove already, so that it may be missing anywhere, CI
 * included.
 *
 * @param flags with which it does nothing
 */
export function isInstalledHere(program: string, flags: readonly string[] = ['--version']): boolean {
  if (spawnSync(program, flags, { stdio: 'ignore' }).status === 0) return true
  console.warn(`left out: ${program} is not installed`)
  return false
}
