import type { ReportSettings } from '../../config/reports.ts'

/**
 * When a running exporter writes a report again, epoch milliseconds; null where only that exporter knows: intervals count
 * from whenever it wrote last.
 */
export async function nextWriting({ cron, timeZone }: ReportSettings): Promise<number | null> {
  if (cron.length === 0) return null
  // node-cron takes long to load.
  const { nextCronTime } = await import('../../schedule/cron.ts')
  return nextCronTime(cron, timeZone)
}
