import { OperatorError } from '../../core/errors.ts'

/** The first release that the SQLite driver does not survive. */
const FIRST_BAD: readonly [major: number, minor: number] = [24, 19]

/**
 * From Node.js 24.19 on better-sqlite3 12 ends the process when garbage is collected ("Assertion failed: (env) !=
 * nullptr"). Better not to start than to be gone at any moment. Throws OperatorError.
 */
export function refuseBadNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [badMajor, badMinor] = FIRST_BAD
  if (major < badMajor || (major === badMajor && minor < badMinor)) return
  throw new OperatorError(`Node.js ${version} cannot be used`, {
    seen: `its releases from ${FIRST_BAD.join('.')} on crash the SQLite driver of this program`,
    fix: 'Run it with Node.js 22, or any from 20.19 to 24.18.',
  })
}
