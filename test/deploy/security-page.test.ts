import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { allSettings } from '../../src/config/settings.ts'
import { blocksOf } from '../prometheus/support/fenced-blocks.ts'
import { hasPostgres, type Postgres, startPostgres } from '../support/postgres.ts'
import { readRepositoryFile } from './compose-file.ts'

const PAGE = 'SECURITY.md'
const page = readRepositoryFile(PAGE)
const sql = blocksOf(PAGE).find(({ language }) => language === 'sql')?.text ?? ''

describe('the page', () => {
  it('names settings that there are', () => {
    const groups = new Set(allSettings.map(({ path }) => path.split('.')[0]))
    const named = [...page.matchAll(/`([a-z_]+(?:\.[a-z_]+)+)(?::[^`]*)?`/g)].map(([, name = '']) => name)
    const settings = named.filter((name) => groups.has(name.split('.')[0]))
    expect(allSettings.map(({ path }) => path)).toEqual(expect.arrayContaining(settings))
    expect(settings.length).toBeGreaterThan(8)
  })

  it('names the files that a release has', () => {
    const workflow = readRepositoryFile('.github/workflows/release.yml')
    expect(Object.keys(parse(workflow).jobs)).toContain('release')
    for (const name of ['SHA256SUMS', 'sbom.cdx.json', 'sbom.spdx.json', 'third-party-licenses.txt']) {
      expect(page).toContain(name)
      expect(workflow).toContain(name)
    }
  })

  it('names nobody and no address', () => {
    expect(page).not.toMatch(/[\w.]+@[\w-]+\.\w+|mailto:/)
  })
})

describe.runIf(hasPostgres())('its roles, on a real server', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
    await server.psql(sql)
  }, 120_000)
  afterAll(() => server?.stop())

  const as = (role: string, statement: string) => server.psql(`SET SESSION AUTHORIZATION ${role}; ${statement}`)

  it('let a machine make and write tables of the ledger', async () => {
    const made =
      'SET ROLE claude_usage_writer; CREATE TABLE claude_usage.t (a int); INSERT INTO claude_usage.t VALUES (7)'
    await as('laptop_ada', made)
    expect(await as('laptop_ada', 'SELECT a FROM claude_usage.t')).toContain('7')
  })

  it('let readers read what is made later, and write nothing', async () => {
    await as('laptop_ada', 'SET ROLE claude_usage_writer; CREATE TABLE claude_usage.later (a int)')
    expect(await as('claude_usage_reader', 'SELECT count(*) FROM claude_usage.later')).toContain('0')
    await expect(as('claude_usage_reader', 'DELETE FROM claude_usage.later')).rejects.toThrow('permission denied')
  })

  it('give no machine more than the schema', async () => {
    await expect(as('laptop_ada', 'CREATE ROLE other')).rejects.toThrow('permission denied')
    await expect(as('laptop_ada', 'CREATE SCHEMA other')).rejects.toThrow('permission denied')
  })
})
