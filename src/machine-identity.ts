import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Config } from './config/config.ts'
import type { MachineIdentity } from './ledger/machines.ts'

const ID_FILE = 'machine-id'
/** https://www.freedesktop.org/software/systemd/man/latest/machine-id.html: not to be shown, so only a hash leaves. */
const SYSTEM_ID_FILE = '/etc/machine-id'

/**
 * Who this machine is for its ledger. On a database, a name in the configuration is all it is, whatever the host: a new
 * container goes on where the last one of that name stopped. Else it is an id kept in the folder of the ledger, together
 * with the operating system's own where there is one: a home folder that two machines share does not make them one.
 */
export function machineIdentity({ machine, storage }: Pick<Config, 'machine' | 'storage'>): MachineIdentity {
  if (machine.name !== '' && storage.url !== '') return { uid: `name:${machine.name}`, name: machine.name }
  const parts = [keptId(storage.path), textOf(SYSTEM_ID_FILE)]
  return {
    uid: `id:${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)}`,
    name: machine.name || hostName(),
  }
}

/** Without the domain, which changes with the network. */
function hostName(): string {
  const name = (hostname().split('.')[0] ?? '').replace(/[^\w-]/g, '-').slice(0, 63)
  return name === '' ? 'unknown' : name
}

/** The id in the folder, made on the first occasion; where nothing can be kept, the host's name. */
function keptId(folder: string): string {
  const file = join(folder, ID_FILE)
  const kept = textOf(file)
  if (kept !== '') return kept
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // Of two programs that start at once, the first decides.
    writeFileSync(file, `${randomUUID()}\n`, { flag: 'wx', mode: 0o600 })
  } catch {
    return textOf(file) || hostName()
  }
  return textOf(file)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
