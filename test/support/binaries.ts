import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Whether a program that a test needs is installed. With `CI=true` it has to be: nothing may be left out there.
 * Elsewhere the test is left out, which is said once.
 */
export function isInstalled(program: string): boolean {
  const found = (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (found) return true
  if (process.env['CI'] === 'true') throw new Error(`${program} is not installed, and CI must run every test`)
  console.warn(`left out: ${program} is not installed`)
  return false
}
