import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allSettings } from '../../src/config/settings.ts'
import { composeFile, mountsOf, ROOT, readRepositoryFile, serviceOf } from './compose-file.ts'

interface Instruction {
  readonly name: string
  readonly value: string
}

const instructions = parse(readRepositoryFile('Dockerfile'))
const lastFrom = instructions.findLastIndex(({ name }) => name === 'FROM')
const build = instructions.slice(0, lastFrom)
const image = instructions.slice(lastFrom)
const manifest = JSON.parse(readRepositoryFile('package.json')) as { version: string; license: string }

describe('what is built', () => {
  it('is installed from the lock file', () => {
    expect(valuesOf(build, 'RUN')[0]).toContain('"npm", "ci"')
  })

  it('gets everything it copies', () => {
    const sources = [...copies(build), ...copies(image)]
      .filter(({ from }) => from === null)
      .flatMap((copy) => copy.sources)
    expect(sources).toContain('src')
    for (const source of sources) {
      expect(existsSync(join(ROOT, source)), source).toBe(true)
      expect(reachesBuild(source), source).toBe(true)
    }
  })

  it('gets nothing else', () => {
    for (const name of ['.env', '.git', 'node_modules', 'dist', 'test', 'README.md']) {
      expect(reachesBuild(name), name).toBe(false)
    }
  })
})

describe('the image', () => {
  it('is of the same release as the one it was built in', () => {
    const [buildImage = '', runtimeImage = ''] = valuesOf(build, 'ARG').map((value) => value.split('=')[1])
    expect(buildImage).toMatch(/^node:\d+\.\d+\.\d+-bookworm$/)
    expect(runtimeImage).toBe(`${buildImage}-slim`)
    expect(serviceOf(composeFile(), 'exporter').build?.args).toMatchObject({
      BUILD_IMAGE: buildImage,
      RUNTIME_IMAGE: runtimeImage,
    })
  })

  it('has nothing to build or install with', () => {
    for (const value of valuesOf(image, 'RUN')) expect(value).not.toMatch(/\b(apt|apk|npm|npx|yarn|make|gcc|python)/)
    const copied = copies(image).flatMap(({ sources }) => sources)
    expect(copied).not.toContain('/build/node_modules')
    expect(copied).not.toContain('/build/node_modules/better-sqlite3')
  })

  it('has the packages that the bundle loads', () => {
    const external = /EXTERNAL = \[(.*)\]/.exec(readRepositoryFile('scripts/build.mjs'))?.[1]
    expect(external).toBe("'better-sqlite3'")
    const copied = copies(image).flatMap(({ sources }) => sources)
    for (const name of ['better-sqlite3/package.json', 'better-sqlite3/lib', 'bindings', 'file-uri-to-path']) {
      expect(copied).toContain(`/build/node_modules/${name}`)
      expect(existsSync(join(ROOT, 'node_modules', name))).toBe(true)
    }
  })

  it('does not run as root, and says so in numbers', () => {
    expect(valuesOf(image, 'USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  })

  it('starts the program itself, which gets the signals', () => {
    expect(valuesOf(image, 'ENTRYPOINT')).toEqual(['["node", "/app/dist/main.js"]'])
    expect(valuesOf(image, 'CMD')).toEqual(['["serve"]'])
    expect(valuesOf(image, 'STOPSIGNAL')).toEqual(['SIGTERM'])
  })

  it('tells its version and commit', () => {
    expect(valuesOf(image, 'ARG')).toEqual([`VERSION=${manifest.version}`, 'REVISION=unknown'])
    expect(serviceOf(composeFile(), 'exporter').image).toBe(`claude-usage-exporter:${manifest.version}`)
    const labels = valuesOf(image, 'LABEL').join(' ')
    for (const name of ['title', 'description', 'licenses', 'source', 'version', 'revision']) {
      expect(labels).toContain(`org.opencontainers.image.${name}=`)
    }
  })

  it('sets settings that there are, and listens on the port it names', () => {
    const variables = new Map(
      valuesOf(image, 'ENV').flatMap((value) =>
        value.split(/\s+/).map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? ''] as const),
      ),
    )
    const known = allSettings.map(({ environmentName }) => environmentName)
    for (const name of variables.keys()) if (name.startsWith('CLAUDE_')) expect(known).toContain(name)
    const port = valuesOf(image, 'EXPOSE')[0]
    expect(variables.get('CLAUDE_USAGE_EXPORTER_WEB_LISTEN_ADDRESS')).toBe(`0.0.0.0:${port}`)
    expect(serviceOf(composeFile(), 'exporter').ports?.[0]).toMatch(new RegExp(`:${port}$`))
    expect(valuesOf(image, 'HEALTHCHECK')[0]).toContain(`http://127.0.0.1:${port}/-/ready`)
    expect(valuesOf(image, 'VOLUME')).toEqual([`["${variables.get('CLAUDE_USAGE_EXPORTER_STORAGE_PATH')}"]`])
  })

  it('lets any user write where docker-compose.yml mounts volumes', () => {
    const writable = valuesOf(image, 'RUN').join(' ')
    for (const name of ['exporter', 'history']) {
      for (const { source, target } of mountsOf(serviceOf(composeFile(), name))) {
        if (/^\w+$/.test(source)) expect(writable).toMatch(new RegExp(`chmod 0777 [^&]*${target}( |$)`))
      }
    }
  })
})

/** Instructions with their lines joined, comments left out. */
function parse(text: string): readonly Instruction[] {
  const joined = text.replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, '')
  return joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', value = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? []
      expect(name, line).not.toBe('')
      return { name, value }
    })
}

function valuesOf(stage: readonly Instruction[], name: string): readonly string[] {
  return stage.filter((instruction) => instruction.name === name).map(({ value }) => value)
}

function copies(stage: readonly Instruction[]) {
  return valuesOf(stage, 'COPY').map((value) => {
    const words = value.split(/\s+/)
    const from = words[0]?.startsWith('--from=') ? words[0] : null
    return { from, sources: words.slice(from === null ? 0 : 1, -1) }
  })
}

/** By .dockerignore, which leaves everything out and then takes some in again. */
function reachesBuild(path: string): boolean {
  const [first, ...others] = readRepositoryFile('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  expect(first).toBe('*')
  return others.some((line) => `${path}/`.startsWith(`${line.slice(1)}/`))
}
