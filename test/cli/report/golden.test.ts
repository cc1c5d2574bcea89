import { describe, expect, it } from 'vitest'
import { displayWidth } from '../../../src/cli/terminal/width.ts'
import { runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'

const LINES = [
  'summary',
  'summary --by project --top 2 --days 2',
  'daily',
  'daily --by project --sort cost',
  'models --days all',
  'projects',
  'agents --tz UTC',
  'sessions',
  'explain today',
  'explain 6f1e2d3c',
]

describe('reports as people see them', () => {
  it.each(LINES.flatMap((line) => [60, 80, 120].map((width) => ({ line, width }))))(
    '$line in $width columns',
    async ({ line, width }) => {
      const { out, err, exitCode } = await runLine(line, { home: await homeWith(SAMPLE), width })
      expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
      for (const text of out.split('\n')) expect(displayWidth(text)).toBeLessThanOrEqual(width)
      const name = line.replaceAll(/[^a-z0-9]+/g, '-')
      await expect(out).toMatchFileSnapshot(`golden/${name}.${width}.txt`)
    },
  )
})
