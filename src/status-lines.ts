import { usdFromPico } from './core/money.ts'
import { startOfDaysBefore } from './core/period.ts'
import type { PlanWindow } from './core/plan-window.ts'
import type { Logger } from './lib/logger.ts'
import { PlanWindows } from './plan-windows/plan-windows.ts'
import { planWindowsFolder } from './plan-windows/store.ts'
import { type TodayCost, TodayFile } from './plan-windows/today-file.ts'
import type { Snapshot } from './view/snapshot.ts'

/** What the exporter has from status lines and leaves for them, in files beside the ledger. */
export class StatusLines {
  readonly #windows: PlanWindows
  readonly #today: TodayFile
  readonly #logger: Pick<Logger, 'warn'>

  constructor(storagePath: string, logger: Pick<Logger, 'warn'>) {
    this.#windows = new PlanWindows(planWindowsFolder(storagePath), logger)
    this.#today = new TodayFile(storagePath)
    this.#logger = logger
  }

  get planWindows(): readonly PlanWindow[] {
    return this.#windows.current
  }

  /** Looks for new plan windows and for those that have run out. Returns whether there is a change. */
  refresh(now: number): boolean {
    return this.#windows.refresh(now)
  }

  /** Leaves the cost of today, when it is time to. */
  tell(now: number, snapshot: () => Snapshot): void {
    const problem = this.#today.update(now, () => todayCost(snapshot()))
    if (problem !== null) this.#logger.warn('cannot leave the cost of today for status lines', { problem })
  }
}

/** Null while history is loaded. */
function todayCost({ at, complete, timeZone, today }: Snapshot): TodayCost | null {
  if (!complete) return null
  const pico = today.reduce((sum, { estimatedPico, planPico }) => sum + estimatedPico + planPico, 0n)
  return { usd: usdFromPico(pico), at, until: startOfDaysBefore(at, -1, timeZone) }
}
