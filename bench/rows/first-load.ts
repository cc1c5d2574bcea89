import { describeTotals } from '../lib/ccusage.ts'
import { commandText, runTimed, type TimedResult } from '../lib/child.ts'
import { checkLedger, syncCommand } from '../lib/exporter.ts'
import type { Lab } from '../lib/lab.ts'
import type { Row } from '../lib/row.ts'
import { mebibytes, median, seconds, times } from '../lib/statistics.ts'
import { scan } from './scan.ts'

const MAX_RATIO = 1
const MAX_SCAN_RATIO = 0.6
const MAX_RSS_BYTES = 150 * 1024 ** 2

/** Loads a tree into a new ledger, scans it without one, and lets the peer report on it, in turns. */
export async function firstLoad(lab: Lab): Promise<Row[]> {
  const { gnuTime, folder, options } = lab
  if (gnuTime === null) return [unmeasured('first load, scan and memory', 'GNU time is not installed')]
  const tree = await lab.ordinaryTree(options.bytes)
  const ccusage = await lab.ccusage()
  const home = await lab.newFolder('home')
  const peerCommand = ccusage?.command(tree.folder, home)
  const scanner = await scan(lab, tree)
  const peer: TimedResult[] = []
  const own: TimedResult[] = []
  const scans: TimedResult[] = []
  let command = ''
  for (let turn = 0; turn < options.runs; turn++) {
    lab.note(`first load, turn ${turn + 1} of ${options.runs}`)
    if (peerCommand) peer.push(await runTimed(peerCommand, gnuTime, folder))
    const place = await lab.place(tree)
    command = commandText(syncCommand(place))
    own.push(await runTimed(syncCommand(place), gnuTime, folder))
    await checkLedger(place, tree.truth)
    const scanned = await runTimed(scanner.command, gnuTime, folder)
    scanner.check(scanned.stdout)
    scans.push(scanned)
  }
  const size = tree.description
  const name = ccusage === null ? 'ccusage not available' : `ccusage ${ccusage.version}`
  const rows = [
    compared('first load, CPU', own, peer, name, MAX_RATIO, command, size),
    compared('scan alone, CPU', scans, peer, name, MAX_SCAN_RATIO, commandText(scanner.command), size),
    memory('peak memory of the first load', own, peer, name, command, size),
  ]
  const [report] = peer
  if (peerCommand && report) {
    rows.push({
      ...unmeasured(name, `CPU ${seconds(medianCpu(peer))}, ${describeTotals(report.stdout, tree.truth.total.tokens)}`),
      command: commandText(peerCommand),
      size,
    })
  }
  return rows
}

/** Many small responses instead of many bytes: given for comparison, nothing is demanded. */
export async function millionResponses(lab: Lab): Promise<Row[]> {
  const { tree, place, load } = await lab.loadedLedger()
  const ccusage = await lab.ccusage()
  const peerCommand = ccusage?.command(tree.folder, await lab.newFolder('home'))
  if (load === null || lab.gnuTime === null || !ccusage || !peerCommand) return []
  const peer = await runTimed(peerCommand, lab.gnuTime, lab.folder)
  const row = compared(
    'first load of a million responses, CPU',
    [load],
    [peer],
    `ccusage ${ccusage.version}`,
    1,
    commandText(syncCommand(place)),
    tree.description,
  )
  const memoryText = `memory ${mebibytes(load.maxRssBytes)} against ${mebibytes(peer.maxRssBytes)}`
  return [{ ...row, must: '-', met: null, measured: `${row.measured}, ${memoryText}` }]
}

function compared(
  what: string,
  own: readonly TimedResult[],
  peer: readonly TimedResult[],
  name: string,
  maxRatio: number,
  command: string,
  size: string,
): Row {
  const ratio = medianCpu(own) / medianCpu(peer)
  const hasPeer = peer.length > 0
  return {
    what,
    must: `<= ${maxRatio.toFixed(1)}x ccusage`,
    measured: `${seconds(medianCpu(own))} against ${hasPeer ? `${seconds(medianCpu(peer))} of ` : ''}${name}`,
    ratio: hasPeer ? times(ratio) : '-',
    met: hasPeer ? ratio <= maxRatio : null,
    command,
    size,
    samples: {
      cpuSeconds: own.map(({ cpuSeconds }) => cpuSeconds),
      wallMs: own.map(({ wallMs }) => wallMs),
      maxRssBytes: own.map(({ maxRssBytes }) => maxRssBytes),
      peerCpuSeconds: peer.map(({ cpuSeconds }) => cpuSeconds),
      peerWallMs: peer.map(({ wallMs }) => wallMs),
      peerMaxRssBytes: peer.map(({ maxRssBytes }) => maxRssBytes),
    },
  }
}

function memory(
  what: string,
  own: readonly TimedResult[],
  peer: readonly TimedResult[],
  name: string,
  command: string,
  size: string,
): Row {
  const rss = Math.max(...own.map(({ maxRssBytes }) => maxRssBytes))
  const peerRss = Math.max(...peer.map(({ maxRssBytes }) => maxRssBytes))
  return {
    what,
    must: `<= ${mebibytes(MAX_RSS_BYTES)}`,
    measured: `${mebibytes(rss)} against ${peer.length > 0 ? `${mebibytes(peerRss)} of ` : ''}${name}`,
    ratio: times(rss / MAX_RSS_BYTES),
    met: rss <= MAX_RSS_BYTES,
    command,
    size,
    samples: { maxRssBytes: own.map(({ maxRssBytes }) => maxRssBytes) },
  }
}

function unmeasured(what: string, why: string): Row {
  return { what, must: '-', measured: why, ratio: '-', met: null, command: '-', size: '-', samples: {} }
}

function medianCpu(results: readonly TimedResult[]): number {
  return median(results.map(({ cpuSeconds }) => cpuSeconds))
}
