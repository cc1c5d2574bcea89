import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ROOT, readRepositoryFile } from './compose-file.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly needs?: string | readonly string[]
  readonly permissions?: Readonly<Record<string, string>>
  readonly container?: string
  readonly 'timeout-minutes'?: number
  readonly steps: readonly Step[]
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

const FOLDER = '.github/workflows'
const texts = readdirSync(join(ROOT, FOLDER)).map((name) => ({ name, text: readRepositoryFile(`${FOLDER}/${name}`) }))
const workflows = texts.map(({ name, text }) => ({ name, text, workflow: parse(text) as Workflow }))
const release: Workflow = parse(readRepositoryFile(`${FOLDER}/release.yml`))
const jobs = Object.entries(release.jobs)

/** What may write, and why it has to. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  npm: ['id-token'],
  image: ['attestations', 'id-token', 'packages'],
  release: ['attestations', 'contents', 'id-token'],
}

describe.each(workflows)('$name', ({ text, workflow }) => {
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  it('may read and nothing else, where no job asks for more', () => {
    expect(Object.values(workflow.permissions).filter((access) => access !== 'read')).toEqual([])
  })

  it('names each action by a major version', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[a-z-]+\/[a-z-]+@v\d+$/)
  })

  it('ends, should something hang', () => {
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  it('puts nothing that others may name into a shell', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{')
  })

  it('leaves no credential in the checkout, and has no secret but that of the run', () => {
    for (const { uses = '', with: given } of steps)
      if (uses.startsWith('actions/checkout@')) expect(given).toMatchObject({ 'persist-credentials': false })
    expect(
      [...text.matchAll(/secrets\.(\w+)/g)].map(([, name]) => name).filter((name) => name !== 'GITHUB_TOKEN'),
    ).toEqual([])
  })
})

describe('a release', () => {
  it('is made of a tag with a version, and of nothing else', () => {
    expect(release.on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } })
  })

  it.each(jobs.filter(([name]) => name !== 'test'))('%s waits for the tests', (name) => {
    const before = (job: string): readonly string[] => {
      const needs = [release.jobs[job]?.needs ?? []].flat()
      return [...needs, ...needs.flatMap(before)]
    }
    expect(before(name)).toContain('test')
  })

  it.each(jobs)('%s may write what it has to, and no more', (name, { permissions = {} }) => {
    const writes = Object.entries(permissions).filter(([, access]) => access === 'write')
    expect(writes.map(([what]) => what).sort()).toEqual(WRITES[name] ?? [])
  })

  it('is tested on what the image is built from', () => {
    const base = /^ARG BUILD_IMAGE=(.*)$/m.exec(readRepositoryFile('Dockerfile'))?.[1]
    for (const { workflow } of workflows) expect(workflow.jobs['test']?.container).toBe(base)
  })

  it('publishes with provenance and without a token', () => {
    const runs = (release.jobs['npm']?.steps ?? []).map(({ run = '' }) => run).join('\n')
    expect(runs).toContain('npm publish --provenance')
    expect(readRepositoryFile(`${FOLDER}/release.yml`)).not.toMatch(/NODE_AUTH_TOKEN|NPM_TOKEN/)
  })

  it('has an image for two platforms that says what is in it and where it was built', () => {
    const build = release.jobs['image']?.steps.find(({ uses = '' }) => uses.startsWith('docker/build-push-action@'))
    expect(build?.with).toMatchObject({ platforms: 'linux/amd64,linux/arm64', sbom: true, provenance: 'mode=max' })
    const known = [...readRepositoryFile('Dockerfile').matchAll(/^ARG (\w+)/gm)].map(([, name]) => name)
    const given = String(build?.with?.['build-args']).trim().split('\n')
    for (const line of given) expect(known).toContain(line.split('=')[0])
  })
})

describe('its list of contents', () => {
  const commands = (release.jobs['package']?.steps ?? []).flatMap(({ run = '' }) => run.split('\n'))

  it.each(
    commands
      .flatMap((line) => /^npm (sbom .*) > release\/(\S+)$/.exec(line)?.slice(1, 3) ?? [])
      .flatMap((_, at, all) => (at % 2 === 0 ? [[all[at + 1] ?? '', all[at] ?? '']] : [])),
  )('%s names the package and what it is made of', async (_, command) => {
    const { stdout } = await promisify(execFile)('npm', command.split(' '), { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 })
    const list = JSON.parse(stdout)
    const names: string[] = (list.components ?? list.packages).map(({ name }: { name: string }) => name)
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(names).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)))
    expect(names).toEqual(expect.arrayContaining(['pg', 'express', 'better-sqlite3']))
    expect(stdout).toMatch(/pkg:npm\/better-sqlite3@\d/)
  })

  it('is attached with checksums of everything', () => {
    const text = commands.join('\n')
    expect(text).toContain('sha256sum -- *.tgz *.json *.txt > SHA256SUMS')
    const made = [...text.matchAll(/release\/(\S+\.\w+)/g)].map(([, name = '']) => name)
    for (const name of made) expect(name).toMatch(/\.(tgz|json|txt)$/)
    expect(made.length).toBeGreaterThan(3)
  })
})
