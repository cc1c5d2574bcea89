import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DatabaseFinder } from '../../../../src/sources/openclaw/store/find-databases.ts'
import { agentPath, stateFolder } from './support.ts'

const REGISTRY_SCHEMA = 'CREATE TABLE agent_databases (agent_id TEXT, path TEXT, schema_version INTEGER)'

function registry(state: string, schema = REGISTRY_SCHEMA): Database.Database {
  mkdirSync(path.join(state, 'state'), { recursive: true })
  const database = new Database(path.join(state, 'state', 'openclaw.sqlite'))
  onTestFinished(() => void database.close())
  database.exec(schema)
  return database
}

function register(database: Database.Database, agent: unknown, place: unknown): void {
  database.prepare('INSERT INTO agent_databases VALUES (?, ?, 23)').run(agent, place)
}

function touch(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, '')
  return file
}

async function find(state: string, finder = new DatabaseFinder()) {
  return finder.find([{ path: state, billing: 'plan', configured: false }])
}

describe('DatabaseFinder', () => {
  it('finds nothing where nothing is', async () => {
    expect(await find(path.join(stateFolder(), 'missing'))).toEqual({ files: [], problems: [] })
  })

  it('finds the database of each agent and what lies beside it', async () => {
    const state = stateFolder()
    const main = touch(agentPath(state, 'main'))
    const beside = touch(agentPath(state, 'main', 'openclaw-agent.ops.2.sqlite'))
    touch(agentPath(state, 'main', 'openclaw-agent.sqlite-wal'))
    touch(agentPath(state, 'main', 'other.sqlite'))
    mkdirSync(agentPath(state, 'main', 'openclaw-agent.folder.sqlite'))
    expect((await find(state)).files).toEqual([
      { path: main, billing: 'plan', agent: 'main', isNamed: true },
      { path: beside, billing: 'plan', agent: '', isNamed: false },
    ])
  })

  it('finds what the registry names, relative to the state folder or anywhere', async () => {
    const state = stateFolder()
    const below = touch(path.join(state, 'shared', 'store.ops.sqlite'))
    const elsewhere = touch(path.join(stateFolder(), 'openclaw-agent.sqlite'))
    const neighbour = touch(path.join(path.dirname(elsewhere), 'openclaw-agent.lab.sqlite'))
    const database = registry(state)
    register(database, 'ops', 'shared/store.ops.sqlite')
    register(database, 'lab', elsewhere)
    register(database, 'gone', 'shared/gone.sqlite')
    register(database, null, 5)
    const { files, problems } = await find(state)
    expect(files).toEqual([
      { path: below, billing: 'plan', agent: 'ops', isNamed: true },
      { path: elsewhere, billing: 'plan', agent: 'lab', isNamed: true },
      { path: neighbour, billing: 'plan', agent: '', isNamed: false },
    ])
    expect(problems).toEqual([])
  })

  it('finds a database once, however many ways lead to it', async () => {
    const state = stateFolder()
    const main = touch(agentPath(state, 'main'))
    register(registry(state), 'main', path.relative(state, main))
    symlinkSync(path.join(state, 'agents', 'main'), path.join(state, 'agents', 'alias'), 'junction')
    expect((await find(state)).files.map((file) => file.path)).toEqual([main])
  })

  it('notices when the registry changes', async () => {
    const state = stateFolder()
    const finder = new DatabaseFinder()
    const database = registry(state)
    const added = touch(path.join(state, 'added.sqlite'))
    expect((await find(state, finder)).files).toEqual([])
    register(database, 'ops', 'added.sqlite')
    expect((await find(state, finder)).files.map((file) => file.path)).toEqual([added])
  })

  it('reports a registry that cannot be read and finds the rest', async () => {
    const state = stateFolder()
    const main = touch(agentPath(state, 'main'))
    mkdirSync(path.join(state, 'state'))
    writeFileSync(path.join(state, 'state', 'openclaw.sqlite'), 'no database'.repeat(100))
    const { files, problems } = await find(state)
    expect(files.map((file) => file.path)).toEqual([main])
    expect(problems).toMatchObject([{ path: path.join(state, 'state', 'openclaw.sqlite'), state: 'unreadable' }])
  })

  it('takes a registry of another version for an empty one', async () => {
    const state = stateFolder()
    registry(state, 'CREATE TABLE agent_databases (place TEXT)')
    expect(await find(state)).toEqual({ files: [], problems: [] })
  })

  it('reports a folder that cannot be looked into', async () => {
    const state = stateFolder()
    const agents = path.join(state, 'agents')
    symlinkSync(agents, agents)
    expect((await find(state)).problems).toEqual([
      { path: agents, state: 'unreadable', problem: 'This cannot be reached (ELOOP).' },
    ])
  })
})
