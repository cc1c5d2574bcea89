import * as z from 'zod/mini'
import { AskError, createAsker } from './ask.ts'
import { type Fault, failedHop, type Hop, judgeHop } from './hop.ts'

const NAME = 'Alertmanager'

const status = z.object({
  versionInfo: z.object({ version: z._default(z.string(), '') }),
  config: z.object({ original: z._default(z.string(), '') }),
})

/** Asks an Alertmanager whether it runs and has somebody to tell. */
export async function alertmanagerHop(url: URL): Promise<Hop> {
  try {
    const { versionInfo, config } = await createAsker(url).json('/api/v2/status', status)
    const faults: Fault[] = []
    if (!/_configs:/.test(config.original)) {
      const remedy = 'Fill in a receiver in its configuration; the one that comes with the exporter has examples.'
      faults.push({ state: 'warning', seen: 'none of its receivers tells anybody', remedy })
    }
    return judgeHop(NAME, `${url.origin} runs version ${versionInfo.version} and has receivers`, faults)
  } catch (error) {
    if (!(error instanceof AskError)) throw error
    return failedHop(
      NAME,
      `${url.origin}: ${error.message}`,
      'Start it, or name the right address with --alertmanager.',
    )
  }
}
