import { describe } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { chartOfTheTrend } from './parts/chart.ts'
import { pageOfTheDemo } from './parts/demo-page.ts'
import { hostilePage } from './parts/hostile-page.ts'
import { openPage } from './parts/open-page.ts'
import { protectedPage } from './parts/protected-page.ts'
import { wrongClock } from './parts/wrong-clock.ts'
import { useStage } from './stage.ts'

describe.runIf(hasBrowser())('in a browser', () => {
  const stage = useStage()
  openPage(stage)
  wrongClock(stage)
  chartOfTheTrend(stage)
  hostilePage(stage)
  protectedPage(stage)
  pageOfTheDemo(stage)
})
