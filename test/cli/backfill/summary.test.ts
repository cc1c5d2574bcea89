import { describe, expect, it } from 'vitest'
import { type BackfillSummary, summaryLines } from '../../../src/cli/backfill/summary.ts'

const summary: BackfillSummary = {
  written: { outputs: 1, series: 5_500, samples: 1_234_567, bytes: 187_654_321 },
  range: {
    from: Date.parse('2025-05-04T10:00:00Z'),
    to: Date.parse('2026-05-04T11:30:00Z'),
    reachesInto: 'past',
  },
  files: ['/home/ada/history.om'],
  workingFolder: '/home/ada',
  now: Date.parse('2026-05-04T15:31:00Z'),
  timeZone: 'Europe/Berlin',
}

const text = (changes: Partial<BackfillSummary> = {}) => summaryLines({ ...summary, ...changes }).join('\n')

describe('what is told of a history', () => {
  it('is what was written, from when to when, and what comes next', () => {
    expect(text()).toBe(`\
Wrote history.om: 2025-05-04 12:00 to 2026-05-04 13:30, Europe/Berlin;
5,500 series, 1,234,567 samples, 188 MB.

Next:
  promtool tsdb create-blocks-from openmetrics --max-block-duration=162h history.om PROMETHEUS_DATA_FOLDER
Prometheus deletes what is older than its retention, 15 days unless told otherwise: set --storage.tsdb.retention.time=766d or more before, or these blocks are gone at its next start.`)
  })

  it.each([
    { of: 'another folder', files: ['/var/tmp/h.om'], command: '--max-block-duration=162h /var/tmp/h.om ' },
    { of: 'standard output', files: [], command: '--max-block-duration=162h FILE ' },
    { of: 'a name with blanks', files: ["/home/ada/it's mine.om"], command: "'it'\\''s mine.om' " },
    {
      of: 'several files',
      files: ['/home/ada/my h-2026-05-02.om', '/home/ada/my h-2026-05-03.om'],
      command: `  for file in 'my h-'????-??-??.om; do promtool tsdb create-blocks-from openmetrics --max-block-duration=162h "$file" PROMETHEUS_DATA_FOLDER; done`,
    },
    {
      of: 'several files without an ending',
      files: ['/data/h-2026-05-02', '/data/h-2026-05-03'],
      command: '  for file in /data/h-????-??-??; do promtool ',
    },
  ])('has the command for $of', ({ files, command }) => {
    expect(text({ files })).toContain(command)
  })
})
