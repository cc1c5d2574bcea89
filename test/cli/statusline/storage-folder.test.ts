import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { storageFolder } from '../../../src/cli/statusline/storage-folder.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { tempFolder } from '../../support/temp.ts'
import { fakeIo } from '../support/fake-io.ts'

const VARIABLE = 'CLAUDE_USAGE_EXPORTER_'

interface Case {
  readonly flag?: string
  readonly env?: Readonly<Record<string, string>>
  /** Text of `config.yml` in the usual place. */
  readonly file?: string
  /** Text of `own/other.yml` in the home folder. */
  readonly other?: string
}

function machine({ env = {}, file, other }: Case) {
  const { host, home } = fakeIo({ home: tempFolder(), env })
  const write = (path: string, text: string | undefined) => {
    if (text === undefined) return
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  write(join(home, '.config', 'claude-usage-exporter', 'config.yml'), file)
  write(join(home, 'own', 'other.yml'), other)
  return host
}

describe('the folder of the ledger is the one of the configuration', () => {
  it.each<[string, Case]>([
    ['with nothing set', {}],
    ['with a flag', { flag: 'flag', env: { [`${VARIABLE}STORAGE_PATH`]: '/env' }, file: 'storage: {path: /file}' }],
    ['with a flag below the home folder', { flag: '~/flag' }],
    ['with a variable', { env: { [`${VARIABLE}STORAGE_PATH`]: 'env' }, file: 'storage:\n  path: /file' }],
    ['with an empty variable', { env: { [`${VARIABLE}STORAGE_PATH`]: '' }, file: 'storage:\n  path: /file' }],
    ['with XDG_DATA_HOME', { env: { XDG_DATA_HOME: '/data' } }],
    ['with a relative XDG_DATA_HOME', { env: { XDG_DATA_HOME: 'data' } }],
    ['with the usual file', { file: '# mine\nstorage:\n  path: "~/led ger"\n' }],
    ['with a file that says it in one line', { file: '{"storage": {"path": "/here"}}' }],
    ['with a file that names a relative folder', { file: 'storage:\n  path: ../data' }],
    ['with a file that says nothing of it', { file: 'log:\n  level: debug' }],
    ['with a file that says other things of storage', { file: 'storage:\n  retention: 30d' }],
    ['with an empty file', { file: '' }],
    [
      'with a file that a variable names',
      { env: { [`${VARIABLE}CONFIG_FILE`]: 'own/other.yml' }, other: 'storage: {path: o}' },
    ],
  ])('%s', async (_, given) => {
    const host = machine(given)
    const flags = new Map(given.flag === undefined ? [] : [['storage.path', given.flag] as const])
    const { config } = await loadConfig({ ...host, flags })
    expect(await storageFolder(host, given.flag)).toBe(config.storage.path)
  })
})

describe('a file that cannot be used counts as none', () => {
  it.each<[string, Case]>([
    ['broken', { file: 'storage: {path: ' }],
    ['with another type', { file: 'storage:\n  path: [1]' }],
    ['with no group', { file: 'storage' }],
    ['not there', { env: { [`${VARIABLE}CONFIG_FILE`]: '/not/there.yml' } }],
    ['huge', { file: `storage: {path: /x}\n#${'x'.repeat(300_000)}` }],
  ])('%s', async (_, given) => {
    const host = machine(given)
    expect(await storageFolder(host)).toBe(join(host.home, '.local', 'share', 'claude-usage-exporter'))
  })
})
