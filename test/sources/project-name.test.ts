import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProjectName, type GitFiles } from '../../src/sources/project-name.ts'
import { tempFolder } from '../support/temp.ts'

/** A machine on which these folders exist, and these files with their content. */
function machine(
  folders: readonly string[],
  files: Readonly<Record<string, string>> = {},
): GitFiles & { looks: string[] } {
  const looks: string[] = []
  return {
    looks,
    kindOf(place) {
      looks.push(place)
      if (place in files) return 'file'
      return folders.includes(place) ? 'folder' : 'none'
    },
    read: (place, bytes) => (files[place] ?? '').slice(0, bytes),
  }
}

const nowhere = machine([])

describe('a folder that is not on this machine', () => {
  it.each([
    { cwd: '/src/shop', name: 'shop' },
    { cwd: '/src/shop/', name: 'shop' },
    { cwd: '/src//shop///', name: 'shop' },
    { cwd: '/src/other/../shop/.', name: 'shop' },
    { cwd: '/src/shop/.claude/worktrees/fix-1', name: 'shop' },
    { cwd: '/src/shop/.claude/worktrees/fix-1/packages/api', name: 'shop' },
    { cwd: '/src/shop/.worktrees/fix-1', name: 'shop' },
    { cwd: '/src/.worktrees', name: '.worktrees' },
    { cwd: 'C:\\src\\shop', name: 'shop' },
    { cwd: 'c:/src/shop/', name: 'shop' },
    { cwd: 'C:\\src\\shop\\.claude\\worktrees\\fix-1', name: 'shop' },
    { cwd: '\\\\server\\share\\shop', name: 'shop' },
    { cwd: '/src/back\\slash', name: 'back\\slash' },
    { cwd: 'shop', name: 'shop' },
    { cwd: '  /src/shop\n', name: 'shop' },
    { cwd: '/src/sh\u0000o\u001b[31mp', name: 'sho[31mp' },
    { cwd: `/src/${'x'.repeat(300)}`, name: 'x'.repeat(100) },
    { cwd: `/src/${'x'.repeat(99)}😀`, name: 'x'.repeat(99) },
    { cwd: '/', name: 'unknown' },
    { cwd: 'C:\\', name: 'unknown' },
    { cwd: '..', name: 'unknown' },
    { cwd: '', name: 'unknown' },
    { cwd: '   ', name: 'unknown' },
    { cwd: `/${'x/'.repeat(50_000)}`, name: 'unknown' },
  ])('$cwd is $name', ({ cwd, name }) => {
    expect(createProjectName({ files: nowhere })(cwd)).toBe(name)
  })
})

describe('a folder on this machine', () => {
  it.each([
    {
      where: 'a repository',
      folders: ['/src/shop', '/src/shop/.git'],
      files: {},
      cwd: '/src/shop',
      name: 'shop',
    },
    {
      where: 'a folder of a repository',
      folders: ['/src/shop/packages/api', '/src/shop/.git'],
      files: {},
      cwd: '/src/shop/packages/api',
      name: 'shop',
    },
    {
      where: 'no repository',
      folders: ['/src/shop/packages/api'],
      files: {},
      cwd: '/src/shop/packages/api',
      name: 'api',
    },
    {
      where: 'a worktree',
      folders: ['/tmp/fix-1/packages'],
      files: { '/tmp/fix-1/.git': 'gitdir: /src/shop/.git/worktrees/fix-1\n' },
      cwd: '/tmp/fix-1/packages',
      name: 'shop',
    },
    {
      where: 'a worktree with a relative link',
      folders: ['/src/fix-1'],
      files: { '/src/fix-1/.git': 'gitdir: ../shop/.git/worktrees/fix-1\n' },
      cwd: '/src/fix-1',
      name: 'shop',
    },
    {
      where: 'a worktree on Windows, seen from elsewhere',
      folders: ['/src/fix-1'],
      files: { '/src/fix-1/.git': 'gitdir: C:\\src\\shop\\.git\\worktrees\\fix-1\r\n' },
      cwd: '/src/fix-1',
      name: 'shop',
    },
    {
      where: 'a worktree of a bare repository',
      folders: ['/src/shop/main'],
      files: { '/src/shop/main/.git': 'gitdir: /src/shop/.bare/worktrees/main' },
      cwd: '/src/shop/main',
      name: 'shop',
    },
    {
      where: 'a submodule',
      folders: ['/src/shop/vendor/lib', '/src/shop/.git'],
      files: { '/src/shop/vendor/lib/.git': 'gitdir: ../../.git/modules/vendor/lib' },
      cwd: '/src/shop/vendor/lib',
      name: 'lib',
    },
    {
      where: 'a worktree of a submodule',
      folders: ['/src/fix-1'],
      files: { '/src/fix-1/.git': 'gitdir: /src/shop/.git/modules/vendor/lib/worktrees/fix-1' },
      cwd: '/src/fix-1',
      name: 'lib',
    },
    {
      where: 'a folder with a .git file that says nothing',
      folders: ['/src/shop'],
      files: { '/src/shop/.git': 'nonsense' },
      cwd: '/src/shop',
      name: 'shop',
    },
    {
      where: "an agent's worktree that is gone, of a repository that is not",
      folders: ['/src/mono/shop', '/src/mono/.git'],
      files: {},
      cwd: '/src/mono/shop/.claude/worktrees/fix-1',
      name: 'mono',
    },
    {
      where: 'a folder that is gone, below a repository',
      folders: ['/src/.git', '/src'],
      files: {},
      cwd: '/src/shop',
      name: 'shop',
    },
  ])('in $where is $name', ({ folders, files, cwd, name }) => {
    expect(createProjectName({ files: machine(folders, files) })(cwd)).toBe(name)
  })

  it('is looked for in at most 40 folders, and never beyond a host in the path', () => {
    const cwd = `/${'x/'.repeat(60)}shop`
    const files = machine([cwd])
    expect(createProjectName({ files })(cwd)).toBe('shop')
    expect(files.looks).toHaveLength(41)
    createProjectName({ files })('\\\\evil.example\\share\\shop')
    createProjectName({ files })('relative/shop')
    expect(files.looks).toHaveLength(41)
  })

  it('is looked for once', () => {
    const files = machine(['/src/shop', '/src/shop/.git'])
    const name = createProjectName({ files })
    expect([name('/src/shop'), name('/src/shop')]).toEqual(['shop', 'shop'])
    expect(files.looks).toEqual(['/src/shop', '/src/shop/.git'])
  })
})

describe('labels', () => {
  const label = (options: Parameters<typeof createProjectName>[0], cwd: string) =>
    createProjectName({ ...options, files: nowhere })(cwd)

  it.each([
    { label: 'path', cwd: '/src/shop/', name: '/src/shop' },
    { label: 'path', cwd: 'c:\\src\\shop', name: 'C:/src/shop' },
    { label: 'path', cwd: '\\\\server\\share\\shop', name: '//server/share/shop' },
    { label: 'path', cwd: `/${'a/'.repeat(100)}shop`, name: `${'/a'.repeat(48).slice(1)}/shop` },
    { label: 'path', cwd: '/', name: 'unknown' },
    { label: 'hash', cwd: '/src/shop', name: '3cb8c763ca50' },
  ] as const)('$label of $cwd', ({ label: kind, cwd, name }) => {
    expect(label({ label: kind }, cwd)).toBe(name)
  })

  it('hashes one folder to one name, however it is spelled, and differently with another salt', () => {
    const options = { label: 'hash', salt: 'a' } as const
    expect(label(options, 'c:/src/shop')).toBe(label(options, 'C:\\src\\shop\\'))
    expect(label(options, '/src/shop')).not.toBe(label({ ...options, salt: 'b' }, '/src/shop'))
    expect(label(options, '/src/shop')).toMatch(/^[0-9a-f]{12}$/)
  })

  it.each(['name', 'path', 'hash'] as const)('lets an alias win over the %s', (kind) => {
    const aliases = new Map([
      ['/src/shop/', 'Web shop'],
      ['tools', 'Tools'],
      ['D:\\src\\tools', 'Windows tools'],
    ])
    expect(label({ label: kind, aliases }, '/src/shop')).toBe('Web shop')
    expect(label({ label: kind, aliases }, '/any/where/tools')).toBe('Tools')
    expect(label({ label: kind, aliases }, 'd:/src/tools')).toBe('Windows tools')
    expect(label({ label: kind, aliases }, '/other/shop')).not.toBe('Web shop')
  })
})

it('gives a short printable word for anything', () => {
  const name = createProjectName({ files: nowhere })
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (cwd) => {
      const word = name(cwd)
      expect(word).toMatch(/^[^\p{Cc}\p{Cs}]{1,100}$/u)
      expect(word.trim()).toBe(word)
    }),
  )
})

it('reads real folders', () => {
  const root = realpathSync(tempFolder())
  const make = (...parts: string[]) => mkdirSync(path.join(root, ...parts), { recursive: true })
  make('shop', '.git', 'worktrees', 'fix-1')
  make('shop', 'packages', 'api')
  make('fix-1')
  make('linked')
  writeFileSync(path.join(root, 'fix-1', '.git'), `gitdir: ${path.join(root, 'shop/.git/worktrees/fix-1')}\n`)
  symlinkSync(path.join(root, 'shop', '.git'), path.join(root, 'linked', '.git'))
  writeFileSync(path.join(root, 'file'), '')
  const name = createProjectName()
  expect(
    ['shop/packages/api', 'fix-1', 'linked', 'shop/gone/deep', 'file'].map((folder) => name(path.join(root, folder))),
  ).toEqual(['shop', 'shop', 'linked', 'deep', 'file'])
})
