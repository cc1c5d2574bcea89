import { it } from 'vitest'
import { runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'

it('looks', async () => {
  const home = await homeWith(SAMPLE)
  for (const width of [120, 80, 60])
    for (const line of [
      'summary',
      'summary --by project',
      'daily',
      'daily --by model',
      'models --days all',
      'projects',
      'agents',
      'sessions',
      'explain today',
      'explain 6f1e2d3c-0000-4000-8000-000000000001',
    ]) {
      const { out, err, exitCode } = await runLine(line, { home, width })
      console.log(`$ ${line}  (${width}) rc=${exitCode}\n${out}${err}`)
    }
})
