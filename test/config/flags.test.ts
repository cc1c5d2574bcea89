import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addConfigOptions, type Flags, flagsFrom } from '../../src/config/flags.ts'
import { loadFrom } from './load-from.ts'

/** Parses a command line with the settings on the program and a sub-command below it. */
async function parse(...line: string[]): Promise<Flags> {
  let flags: Flags = new Map()
  const program = new Command('exporter').exitOverride().configureOutput({ writeErr: () => {} })
  addConfigOptions(program)
  program.action((_options, command) => {
    flags = flagsFrom(command)
  })
  program.command('summary').action((_options, command) => {
    flags = flagsFrom(command)
  })
  await program.parseAsync(line, { from: 'user' })
  return flags
}

describe('flags', () => {
  it('holds only what was given', async () => {
    expect(await parse()).toEqual(new Map())
  })

  it.each([
    { line: ['--log.level', 'debug'], path: 'log.level', value: 'debug' },
    { line: ['--log.level=debug'], path: 'log.level', value: 'debug' },
    { line: ['--time-zone', 'UTC'], path: 'time_zone', value: 'UTC' },
    { line: ['--config.file', 'x.yml'], path: 'config.file', value: 'x.yml' },
    { line: ['--web.enable-lifecycle'], path: 'web.enable_lifecycle', value: true },
    { line: ['--no-web.enable-lifecycle'], path: 'web.enable_lifecycle', value: false },
    { line: ['--no-sources.claude-code.enabled'], path: 'sources.claude_code.enabled', value: false },
    { line: ['--web.listen-address', ':1'], path: 'web.listen_address', value: [':1'] },
    {
      line: ['--web.listen-address', ':1', '--web.listen-address', ':2'],
      path: 'web.listen_address',
      value: [':1', ':2'],
    },
    { line: ['summary', '--storage.path', '/x'], path: 'storage.path', value: '/x' },
    { line: ['--storage.path', '/x', 'summary'], path: 'storage.path', value: '/x' },
  ])('$line', async ({ line, path, value }) => {
    expect(await parse(...line)).toEqual(new Map([[path, value]]))
  })

  it.each([['--projects.salt'], ['--pricing.overrides'], ['--web.listen_address'], ['--unknown']])(
    'does not know %s',
    async (flag) => {
      await expect(parse(flag, 'x')).rejects.toThrow('unknown option')
    },
  )

  it('reaches the configuration in its own types', async () => {
    const flags = await parse(
      '--web.max-requests=7',
      '--tail.quiet-time=90s',
      '--tail.line-limit=1MiB',
      '--metrics.zero-first=0',
    )
    const { config } = await loadFrom({ flags: Object.fromEntries(flags) })
    expect(config.web.maxRequests).toBe(7)
    expect(config.tail.quietTimeMs).toBe(90_000)
    expect(config.tail.lineLimitBytes).toBe(1_048_576)
    expect(config.metrics.zeroFirstMs).toBe(0)
  })

  it('are shown in the help, each switch in the form that changes something', () => {
    const program = new Command('exporter')
    addConfigOptions(program)
    const help = program.helpInformation()
    expect(help).toContain('--web.listen-address <listen-address>')
    expect(help).toMatch(/^ +--web\.enable-lifecycle /m)
    expect(help).not.toContain('--no-web.enable-lifecycle')
    expect(help).toMatch(/^ +--no-sources\.pi\.enabled /m)
    expect(help).not.toMatch(/^ +--sources\.pi\.enabled/m)
  })
})
