import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isInstalled } from '../support/binaries.ts'
import { tempFolder } from '../support/temp.ts'
import { ROOT } from './compose-file.ts'

const SCRIPT = join(ROOT, 'prometheus/import-history.sh')
const DAY_SECONDS = 86_400
/** Programs of busybox that the image of Prometheus has too. */
const APPLETS = ['sh', 'cat', 'date', 'id', 'mkdir', 'mv', 'rm', 'wc']

interface Shell {
  readonly name: string
  readonly program: string
  /** Folder of the only programs it finds; null for those of this machine. */
  programs(): string | null
}

const shells: readonly Shell[] = [
  { name: 'dash', program: 'dash', programs: () => null },
  { name: 'the sh of busybox, with nothing else but promtool', program: 'busybox', programs: busyboxFolder },
]

const usable = shells.filter(({ program }) => isInstalled(program))

describe.runIf(isInstalled('promtool')).each(usable)('import-history.sh in $name', (shell) => {
  it('brings in all files, each once, and says so', async () => {
    const { history, data } = folders()
    writeHistory(join(history, 'a.om'), 20, 3)
    writeHistory(join(history, 'b.om'), 17, 3)
    const first = await runScript(shell, [history, data])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain('history: 2 of 2: b.om\nhistory: done: 2 files')
    expect(readdirSync(history)).toEqual([])
    const blocks = blocksOf(data)
    expect(samplesOf(data)).toBe(6 * 24)
    expect(readdirSync(data).filter((name) => !blocks.includes(name))).toEqual(['history-imported'])

    writeHistory(join(history, 'c.om'), 10, 1)
    const second = await runScript(shell, [history, data])
    expect(second).toMatchObject({ code: 0, stderr: '' })
    expect(second.stdout).toMatch(
      /^history: was done before \(2\d{3}-.*\); remove \S+history-imported to do it again\n$/,
    )
    expect(blocksOf(data)).toEqual(blocks)
    expect(readdirSync(history)).toEqual(['c.om'])
  })

  it('stops at a file that is not right, keeps nothing of it, and goes on there', async () => {
    const { history, data } = folders()
    writeHistory(join(history, 'a.om'), 20, 2)
    writeHistory(join(history, 'b.om'), 17, 2)
    const whole = readFileSync(join(history, 'b.om'), 'utf8')
    writeFileSync(join(history, 'b.om'), whole.replace('# EOF\n', ''))
    writeHistory(join(history, 'c.om'), 15, 2)
    const failed = await runScript(shell, [history, data])
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('EOF')
    expect(failed.stderr).toContain('history: error: b.om is not imported (above is why); 1 of 3 files are.')
    expect(readdirSync(history)).toEqual(['b.om', 'c.om'])
    expect(samplesOf(data)).toBe(2 * 24)
    expect(readdirSync(data)).toEqual(blocksOf(data))

    writeFileSync(join(history, 'b.om'), whole)
    expect(await runScript(shell, [history, data])).toMatchObject({ code: 0 })
    expect(readdirSync(history)).toEqual([])
    expect(samplesOf(data)).toBe(6 * 24)
    expect(existsSync(join(data, 'history-imported'))).toBe(true)
  })

  it('takes a file without samples, and folders with spaces', async () => {
    const root = join(tempFolder(), 'of a user')
    const [history, data] = [join(root, 'the history'), join(root, 'the data')]
    for (const folder of [history, data]) mkdirSync(folder, { recursive: true })
    writeFileSync(join(history, 'an empty one.om'), '# EOF\n')
    expect(await runScript(shell, [history, data])).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(history)).toEqual([])
    expect(blocksOf(data)).toEqual([])
  })

  it('does nothing without files, and may be run again', async () => {
    const { history, data } = folders()
    rmSync(history, { recursive: true })
    const { code, stdout } = await runScript(shell, [history, data])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `history: no .om files in ${history}: nothing to import\n` })
    expect(readdirSync(data)).toEqual([])
  })

  it.each([
    { when: 'an argument is missing', args: (data: string) => [data], says: 'expected two arguments' },
    {
      when: 'there is no data folder',
      args: (data: string) => [data, `${data}/none`],
      says: 'there is no data folder',
    },
  ])('says what to do when $when', async ({ args, says }) => {
    const { code, stderr } = await runScript(shell, args(tempFolder()))
    expect(code).toBe(2)
    expect(stderr).toMatch(new RegExp(`^history: error: ${says}.*\\.\n$`))
  })
})

function folders() {
  const history = tempFolder()
  const data = tempFolder()
  return { history, data }
}

/** A counter, once an hour for some days that ended so many days ago. */
function writeHistory(file: string, daysAgo: number, days: number): void {
  const from = (Math.floor(Date.now() / 1_000 / DAY_SECONDS) - daysAgo) * DAY_SECONDS
  const samples = Array.from({ length: days * 24 }, (_, hour) => `claude_x_total ${hour} ${from + hour * 3_600}`)
  writeFileSync(file, ['# TYPE claude_x counter', ...samples, '# EOF', ''].join('\n'))
}

function blocksOf(data: string): readonly string[] {
  return readdirSync(data).filter((name) => /^[0-9A-Z]{26}$/.test(name))
}

function samplesOf(data: string): number {
  const counts = blocksOf(data).map((block): number => {
    const meta = JSON.parse(readFileSync(join(data, block, 'meta.json'), 'utf8'))
    return meta.stats.numSamples
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

function busyboxFolder(): string {
  const folder = tempFolder()
  const where = (program: string) => execFileSync('which', [program], { encoding: 'utf8' }).trim()
  for (const applet of APPLETS) symlinkSync(where('busybox'), join(folder, applet))
  symlinkSync(where('promtool'), join(folder, 'promtool'))
  return folder
}

async function runScript({ program, programs }: Shell, args: readonly string[]) {
  const folder = programs()
  const [command, PATH] = folder === null ? [program, process.env['PATH']] : [join(folder, 'sh'), folder]
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(command, [SCRIPT, ...args], { env: { PATH } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}
