import { execFileSync } from 'node:child_process'

/** Runs once before all tests: some of them start the built program. */
export default function build(): void {
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-needed'], { stdio: 'inherit' })
}
