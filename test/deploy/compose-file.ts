import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

type Variables = Readonly<Record<string, string>>

export interface Mount {
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
  /** Null where the short form was used. */
  readonly createsHostPath: boolean | null
}

export interface Service {
  readonly image: string
  readonly pull_policy?: string
  readonly build?: { readonly args: Variables }
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly ports?: readonly string[]
  readonly environment?: Variables
  readonly secrets?: readonly string[]
  readonly tmpfs?: readonly string[]
  readonly restart: string
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean }
  readonly volumes?: readonly (string | LongVolume)[]
}

interface LongVolume {
  readonly type: string
  readonly source: string
  readonly target: string
  readonly read_only?: boolean
  readonly bind?: { readonly create_host_path: boolean }
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, { readonly name: string }>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

export function readRepositoryFile(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8')
}

/** docker-compose.yml with these variables and no others, read as YAML. */
export function composeFile(variables: Variables = {}): ComposeFile {
  return parse(interpolated(readRepositoryFile('docker-compose.yml'), variables), { merge: true })
}

export function serviceOf(file: ComposeFile, name: string): Service {
  const service = file.services[name]
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`)
  return service
}

export function mountsOf({ volumes = [] }: Service): readonly Mount[] {
  return volumes.map((volume) => {
    if (typeof volume !== 'string') {
      const { source, target, read_only: readOnly = false, bind } = volume
      return { source, target, readOnly, createsHostPath: bind?.create_host_path ?? null }
    }
    const [source = '', target = '', mode = 'rw'] = volume.split(':')
    return { source, target, readOnly: mode === 'ro', createsHostPath: null }
  })
}

/** The variables of docker-compose.yml with their defaults: null where it has none or several. */
export function variablesOf(text: string): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>()
  for (const [, name = '', operator, value = ''] of withoutComments(text).matchAll(VARIABLE)) {
    const value_ = operator === ':-' ? value : null
    const before = found.get(name)
    found.set(
      name,
      before === undefined || before === null ? value_ : value_ === null || value_ === before ? before : null,
    )
  }
  return found
}

/** Both forms that docker-compose.yml uses; nothing is nested. */
const VARIABLE = /\$\{([A-Z_]+)(:[-+])([^}]*)\}/g

function interpolated(text: string, variables: Variables): string {
  const result = text.replaceAll(VARIABLE, (_, name: string, operator: string, value: string) => {
    const given = variables[name] ?? ''
    if (operator === ':+') return given === '' ? '' : value
    return given === '' ? value : given
  })
  const left = /\$\{?\w[^\n]*/.exec(withoutComments(result))
  if (left !== null) throw new Error(`not interpolated: ${left[0]}`)
  return result
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*#.*$/gm, '')
}
