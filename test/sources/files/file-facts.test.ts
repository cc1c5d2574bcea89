import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { lookAt, lookInto } from '../../../src/sources/files/file-facts.ts'
import { tempFolder } from '../../support/temp.ts'

it('tells inodes apart that no floating point number can', () => {
  const file = path.join(tempFolder(), 'a.jsonl')
  fs.writeFileSync(file, 'abc')
  const inode = 2n ** 63n + 1n
  const large =
    (call: (...args: never[]) => object | undefined) =>
    (...args: unknown[]) => {
      const stats = Reflect.apply(call, fs, args)
      const isExact = typeof (args[1] as { bigint?: true } | undefined)?.bigint === 'boolean'
      return stats && Object.assign(stats, { ino: isExact ? inode : Number(inode) })
    }
  const calls = { statSync: large(fs.statSync), fstatSync: large(fs.fstatSync) }
  const system = { ...fs, ...(calls as unknown as Pick<typeof fs, keyof typeof calls>) }
  const fd = fs.openSync(file, 'r')
  const device = fs.statSync(file).dev
  expect(lookAt(system, file)).toMatchObject({ facts: { identity: `${device}:${inode}`, size: 3 } })
  expect(lookInto(system, fd)).toMatchObject({ identity: `${device}:${inode}`, size: 3 })
  fs.closeSync(fd)
})
