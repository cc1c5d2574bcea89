#!/usr/bin/env node
import { thisProcess } from './cli/io.ts'
import { quickOptions } from './cli/statusline/options.ts'

const argv = process.argv.slice(2)
const io = thisProcess()
const statusline = quickOptions(argv)
if (statusline === null) {
  const { run } = await import('./cli/run.ts')
  process.exitCode = await run(argv, io)
} else {
  const { runStatusline } = await import('./cli/statusline/run.ts')
  await runStatusline(io, statusline)
  // Whoever wanted the line may be gone by now.
  await io.flush().catch(() => {})
}
