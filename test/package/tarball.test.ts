import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { VERSION } from '../../src/lib/version.ts'
import { ROOT } from '../deploy/compose-file.ts'
import { claudeLine } from '../support/claude-line.ts'
import { eventually, startInstalled } from './installed.ts'

const run = promisify(execFile)
const MIB = 1_048_576
const MAX_BUFFER = 64 * MIB

interface Packed {
  readonly filename: string
  /** Bytes. */
  readonly size: number
  /** Bytes. */
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string; readonly mode: number }[]
}

const STATIC_IMPORT = /^(?:import|export)\b[^;'"]*?\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"/gm

/** All that may be in it. */
const KNOWN: readonly RegExp[] = [
  /^dist\/main\.js$/,
  /^dist\/chunks\/[\w.-]+-[A-Z0-9]{8}\.js$/,
  /^dist\/third-party-licenses\.txt$/,
  /^grafana\/generated\/claude-usage-[a-z]+\.json$/,
  /^prometheus\/rules\/(alerts|recording)\.yml$/,
  /^claude-usage-exporter\.example\.yml$/,
  /^(CHANGELOG|README)\.md$/,
  /^LICENSE$/,
  /^package\.json$/,
]

let folder = ''
let packed: Packed
const installed = (...path: string[]) => join(folder, 'app', ...path)
const unpacked = (...path: string[]) => installed('node_modules', 'claude-usage-exporter', ...path)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claude-usage-exporter-package-'))
  // The program is built already: all tests are of the same build.
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: ROOT,
    maxBuffer: MAX_BUFFER,
  })
  packed = (JSON.parse(stdout) as [Packed])[0]
  mkdirSync(installed())
  writeFileSync(installed('package.json'), '{"private": true}')
  const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund']
  await run('npm', ['install', ...flags, join(folder, packed.filename)], { cwd: installed(), maxBuffer: MAX_BUFFER })
  // What the script of that package would compile or download; `npm ci` did it for the same version.
  cpSync(join(ROOT, 'node_modules/better-sqlite3/build'), installed('node_modules/better-sqlite3/build'), {
    recursive: true,
  })
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package', () => {
  it('holds what runs, and nothing else', () => {
    const paths = packed.files.map(({ path }) => path)
    expect(paths.filter((path) => !KNOWN.some((known) => known.test(path)))).toEqual([])
    expect(KNOWN.filter((known) => !paths.some((path) => known.test(path)))).toEqual([])
  })

  it('is small', () => {
    expect(packed.size).toBeLessThan(3 * MIB)
    expect(packed.unpackedSize).toBeLessThan(12 * MIB)
  })

  it('can be started', () => {
    const { mode = 0 } = packed.files.find(({ path }) => path === 'dist/main.js') ?? {}
    expect(mode & 0o111).toBe(0o111)
  })

  it('tells nothing of the machine it was built on', () => {
    const config = readFileSync(join(ROOT, 'package-lock.json'), 'utf8')
    const hosts = new Set([...config.matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map(([, host = '']) => host))
    const forbidden = [ROOT.replace(/\/$/, ''), ...[homedir(), tmpdir()].map((path) => `${path}/`), ...hosts]
    const found = textsOf(unpacked()).flatMap(({ path, text }) =>
      forbidden.filter((word) => text.includes(word)).map((word) => `${path}: ${word}`),
    )
    expect(found.filter((line) => !/^package\.json: |: \/tmp\/$/.test(line))).toEqual([])
  })

  it('has the licences of everything that is in the bundle', () => {
    const text = readFileSync(unpacked('dist/third-party-licenses.txt'), 'utf8')
    const named = [...text.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(.+\)$/gm)].map(([, name]) => name)
    expect(named).toEqual(expect.arrayContaining(['express', 'luxon', 'pg', 'prom-client', 'snappyjs', 'uplot', 'zod']))
  })

  it('names what is in the bundle as its dependencies, for those who look for known faults there', () => {
    const manifest = JSON.parse(readFileSync(unpacked('package.json'), 'utf8'))
    const text = readFileSync(unpacked('dist/third-party-licenses.txt'), 'utf8')
    const bundled = new Set([...text.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(.+\)$/gm)].map(([, name]) => name))
    const named = Object.keys(manifest.dependencies).filter((name) => name !== 'better-sqlite3')
    expect(named.filter((name) => !bundled.has(name))).toEqual([])
  })

  it('imports nothing but what Node.js and one package with native code have', () => {
    const foreign = textsOf(unpacked('dist'))
      .filter(({ path }) => path.endsWith('.js'))
      .flatMap(({ text }) => [...text.matchAll(STATIC_IMPORT)])
      .map(([, from, bare]) => from ?? bare ?? '')
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    const builtin = new Set((process.getBuiltinModule('node:module') as typeof import('node:module')).builtinModules)
    expect([...new Set(foreign)].filter((name) => !builtin.has(name))).toEqual(['better-sqlite3'])
  })
})

describe('installed from the tarball into an empty folder, with the native code that npm ci compiled', () => {
  it('tells its version', async () => {
    const { stdout } = await run('npx', ['--no-install', 'claude-usage-exporter', '--version'], { cwd: installed() })
    expect(stdout).toMatch(new RegExp(`^claude-usage-exporter ${VERSION.replaceAll('.', '\\.')} `))
  })

  it('loads little before it knows what to do: no server, no database, no API', () => {
    const loaded = staticallyImported('main.js')
    const texts = [...loaded.values()].join('\n')
    expect(loaded.size).toBeGreaterThan(1)
    expect(Buffer.byteLength(texts)).toBeLessThan(MIB)
    for (const name of ['express', 'pg', 'snappyjs', '@anthropic-ai/sdk', 'luxon'])
      expect(texts).not.toContain(`node_modules/${name}/`)
  })

  it('counts a log once, with the right figures', async () => {
    const { home, env } = machine()
    const words = ['once', '--storage.path', join(home, 'data')]
    const bin = installed('node_modules/.bin/claude-usage-exporter')
    await run(bin, words, { env, cwd: home })
    await run(bin, words, { env, cwd: home })
    const { stdout } = await run(
      bin,
      [
        'export',
        '--days',
        '3',
        '--format',
        'csv',
        '--no-header',
        '--output',
        '-',
        '--storage.path',
        join(home, 'data'),
      ],
      {
        env,
        cwd: home,
      },
    )
    expect(stdout).toContain('shop')
    const [head = '', ...rows] = stdout.trim().split(/\r?\n/)
    const at = head.split(',').indexOf('output_tokens')
    expect(at).toBeGreaterThanOrEqual(0)
    expect(rows.reduce((sum, row) => sum + Number(row.split(',')[at]), 0)).toBe(35)
  })

  it('serves the right figures', async () => {
    const { home, env } = machine()
    const exporter = await startInstalled(installed('node_modules/.bin/claude-usage-exporter'), { home, env })
    onTestFinished(() => exporter.end())
    const text = await eventually(async () => {
      const answer = await (await fetch(`${exporter.url}/metrics`)).text()
      return /^claude_exporter_load_complete 1$/m.test(answer) ? answer : null
    })
    const output = [...text.matchAll(/^claude_tokens_total\{.*project="shop".*token_type="output".*\} (\d+)$/gm)]
    expect(output.map(([, value]) => value)).toEqual(['35'])
    expect(text).toMatch(/^claude_exporter_build_info\{.*version="/m)
  })
})

/** The chunks that are loaded together with one, itself included: those that are imported later are not. */
function staticallyImported(path: string, seen = new Map<string, string>()): ReadonlyMap<string, string> {
  if (seen.has(path)) return seen
  const text = readFileSync(unpacked('dist', path), 'utf8')
  seen.set(path, text)
  for (const [, from, bare] of text.matchAll(STATIC_IMPORT)) {
    const name = from ?? bare ?? ''
    if (name.startsWith('.')) staticallyImported(join(path, '..', name), seen)
  }
  return seen
}

/** A home folder with a log of three responses, one of them twice. */
function machine() {
  const home = mkdtempSync(join(folder, 'home-'))
  const logs = join(home, '.claude/projects/-src-shop')
  mkdirSync(logs, { recursive: true })
  const time = Date.now() - 3_600_000
  const lines = [
    claudeLine({ id: '1', output: 5, time }),
    claudeLine({ id: '2', output: 10, time: time + 1_000 }),
    claudeLine({ id: '2', output: 10, time: time + 1_000 }),
    claudeLine({ id: '3', output: 20, time: time + 2_000 }),
  ]
  writeFileSync(join(logs, 's1.jsonl'), lines.join(''))
  return { home, env: { PATH: process.env['PATH'] ?? '', HOME: home, TZ: 'UTC' } }
}

function textsOf(root: string): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(root.length + 1), text: readFileSync(path, 'utf8') }))
}
