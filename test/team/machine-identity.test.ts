import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { machineIdentity } from '../../src/machine-identity.ts'
import { tempFolder } from '../support/temp.ts'

function configOf(path: string, name = '', url = ''): Pick<Config, 'machine' | 'storage'> {
  return { machine: { name }, storage: { path, url } as Config['storage'] }
}

describe('who a machine is', () => {
  it('stays who it is, whatever the ledger does', () => {
    const folder = join(tempFolder(), 'data')
    const first = machineIdentity(configOf(folder))
    writeFileSync(join(folder, 'ledger.sqlite'), '')
    expect(machineIdentity(configOf(folder))).toEqual(first)
    expect(first.uid).toMatch(/^id:[0-9a-f]{32}$/)
    expect(first.name).toMatch(/^[\w-]{1,63}$/)
  })

  it('tells apart two users of a machine, and does not show what it is made of', () => {
    const [one, other] = [join(tempFolder(), 'a'), join(tempFolder(), 'b')]
    expect(machineIdentity(configOf(one)).uid).not.toBe(machineIdentity(configOf(other)).uid)
    expect(machineIdentity(configOf(one)).uid).not.toContain(readFileSync(join(one, 'machine-id'), 'utf8').trim())
  })

  it('stays the same when a ledger that is a file is told another name', () => {
    const folder = tempFolder()
    const { uid } = machineIdentity(configOf(folder))
    expect(machineIdentity(configOf(folder, 'desk'))).toEqual({ uid, name: 'desk' })
  })

  it('is its name alone on a database where it was given one, so that a new container goes on where the last one stopped', () => {
    const folder = join(tempFolder(), 'data')
    expect(machineIdentity(configOf(folder, 'build-7', 'postgres://db/claude'))).toEqual({
      uid: 'name:build-7',
      name: 'build-7',
    })
    expect(() => readdirSync(folder)).toThrow()
  })

  it('is the name of its host where nothing can be kept', () => {
    const blocked = join(tempFolder(), 'file')
    writeFileSync(blocked, '')
    const { uid } = machineIdentity(configOf(join(blocked, 'data')))
    expect(machineIdentity(configOf(join(blocked, 'data'))).uid).toBe(uid)
  })

  it('makes its id anew when the file was emptied', () => {
    const folder = tempFolder()
    mkdirSync(folder, { recursive: true })
    machineIdentity(configOf(folder))
    rmSync(join(folder, 'machine-id'))
    expect(machineIdentity(configOf(folder)).uid).toMatch(/^id:/)
  })
})
