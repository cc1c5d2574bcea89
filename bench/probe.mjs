// Loaded into the exporter with `node --import`: writes at its end what only the process itself can see. Not loaded
// where CPU time is measured: its timer alone takes some percent of a core.
import { writeFileSync } from 'node:fs'
import { Server } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 1

const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delays.enable()

// Loading the program itself holds the loop as well, but nobody can be waiting for an answer before it listens.
const { listen } = Server.prototype
Server.prototype.listen = function (...args) {
  this.once('listening', () => delays.reset())
  return listen.apply(this, args)
}

process.on('exit', () => {
  writeFileSync(
    process.env.BENCH_PROBE_FILE,
    JSON.stringify({
      maxRssBytes: process.resourceUsage().maxRSS * 1024,
      // A delay is measured from the time the timer was set, so it contains the timer's own interval.
      eventLoopMaxMs: Math.max(0, delays.max / 1e6 - RESOLUTION_MS),
      eventLoopP99Ms: Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS),
    }),
  )
})
