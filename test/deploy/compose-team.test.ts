import { describe, expect, it } from 'vitest'
import { loadFrom } from '../config/load-from.ts'
import { composeFile, readRepositoryFile, serviceOf } from './compose-file.ts'

/** The variables of the section "Team", as they stand in .env.example. */
const [, team = ''] = readRepositoryFile('.env.example').split(/^# Team: /m)
const variables = Object.fromEntries(
  [...(team.split(/^# -{20,}$/m)[0] ?? '').matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]),
)
const file = composeFile(variables)
const exporter = serviceOf(file, 'exporter')
const database = serviceOf(file, 'database')

describe('the profile team', () => {
  it('is the only thing that starts a database', () => {
    const profiles = Object.entries(file.services).map(([name, service]) => [
      name,
      Reflect.get(service, 'profiles') ?? [],
    ])
    expect(profiles.filter(([, names]) => names.length > 0)).toEqual([['database', ['team']]])
    for (const { depends_on: dependencies = {} } of Object.values(file.services))
      expect(dependencies).not.toHaveProperty('database')
  })

  it('has the database, the user and the password that the exporter asks for', () => {
    const url = new URL(exporter.environment?.['CLAUDE_USAGE_EXPORTER_STORAGE_URL'] ?? '')
    expect(file.services).toHaveProperty(url.hostname)
    expect(url).toMatchObject({ username: database.environment?.['POSTGRES_USER'], password: '', port: '5432' })
    expect(url.pathname).toBe(`/${database.environment?.['POSTGRES_DB']}`)
    const password = '/run/secrets/storage-password'
    expect(database.environment).toMatchObject({ POSTGRES_PASSWORD_FILE: password })
    expect(exporter.environment).toMatchObject({ CLAUDE_USAGE_EXPORTER_STORAGE_PASSWORD_FILE: password })
    expect(database.environment).not.toHaveProperty('POSTGRES_PASSWORD')
    for (const service of [exporter, database, serviceOf(file, 'history')])
      expect(service.secrets).toContain('storage-password')
  })

  it('asks for the password on every way in', () => {
    const given = database.environment?.['POSTGRES_INITDB_ARGS'] ?? ''
    expect(given).toContain('--auth-host=scram-sha-256')
    expect(given).toContain('--auth-local=scram-sha-256')
  })

  it('is looked at by the one who may read the password', () => {
    expect(Reflect.get(database, 'user')).toBe(Reflect.get(exporter, 'user'))
  })

  it('makes settings that the exporter takes', async () => {
    const env = Object.fromEntries(
      Object.entries(exporter.environment ?? {}).flatMap(([name, value]) =>
        value && /_(STORAGE|SOURCES|MACHINE)_/.test(name) ? [[name.replace('CLAUDE_USAGE_EXPORTER_', ''), value]] : [],
      ),
    )
    const { config } = await loadFrom({ env })
    expect(config).toMatchObject({ sources: { read: 'none' }, machine: { name: 'central' } })
    expect(config.storage.url).toBe('postgres://exporter@database:5432/usage?sslmode=disable')
  })
})

it('without the profile the ledger is a file', () => {
  const { environment } = serviceOf(composeFile(), 'exporter')
  expect(environment).toMatchObject({
    CLAUDE_USAGE_EXPORTER_STORAGE_URL: null,
    CLAUDE_USAGE_EXPORTER_STORAGE_PASSWORD_FILE: null,
    CLAUDE_USAGE_EXPORTER_SOURCES_READ: null,
  })
})
