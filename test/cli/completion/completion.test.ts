import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../../support/temp.ts'
import { exampleLines } from '../support/examples.ts'
import { runLine } from '../support/fake-io.ts'

async function script(shell: string): Promise<string> {
  const { out, err, exitCode } = await runLine(`completion ${shell}`)
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 })
  return out
}

/** What bash offers for the last of these words. */
function offered(file: string, words: readonly string[]): string[] {
  const lines = [
    `source '${file}'`,
    `COMP_WORDS=(claude-usage-exporter ${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length}`,
    '_claude_usage_exporter',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of bash
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ]
  return execFileSync('bash', ['--norc', '-c', lines.join('\n')], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
}

describe('completion for bash', () => {
  it.each([
    { words: ['expo'], offers: ['export'] },
    { words: ['ledger', 're'], offers: ['restore', 'rebuild-rollups'] },
    { words: ['export', '--format', ''], offers: ['csv', 'json'] },
    { words: ['top', '--by', 's'], offers: ['session'] },
    { words: ['daily', '--unt'], offers: ['--until'] },
    { words: ['daily', '--log.le'], offers: ['--log.level'] },
    { words: ['completion', 'z'], offers: ['zsh'] },
    { words: ['no-such-thing'], offers: [] },
  ])('$words gives $offers', async ({ words, offers }) => {
    const file = join(tempFolder(), 'completion.bash')
    writeFileSync(file, await script('bash'))
    expect(offered(file, words)).toEqual(offers)
  })

  it('offers files only where one is taken', async () => {
    const folder = tempFolder()
    const file = join(folder, 'completion.bash')
    writeFileSync(file, await script('bash'))
    expect(offered(file, ['ledger', 'restore', `${folder}/c`])).toEqual([file])
    expect(offered(file, ['ledger', 'check', `${folder}/c`])).toEqual([])
  })

  it('is registered', async () => {
    const file = join(tempFolder(), 'completion.bash')
    writeFileSync(file, await script('bash'))
    const out = execFileSync('bash', ['--norc', '-c', `source '${file}'; complete -p claude-usage-exporter`], {
      encoding: 'utf8',
    })
    expect(out).toBe('complete -F _claude_usage_exporter claude-usage-exporter\n')
  })
})

describe('completion', () => {
  it.each([
    ['fish', / -n '(.*)' -F$/gm, ['backup', 'restore']],
    ['zsh', /^_claude_usage_exporter_ledger_(\w+)\(\) \{\n(?: .*\n)*? +'\*:file:_files'$/gm, ['backup', 'restore']],
  ])('for %s offers files where one is taken, and only there', async (shell, pattern, commands) => {
    const found = [...(await script(shell)).matchAll(pattern)].map(([, where = '']) => where.split(' ').at(-1))
    expect(found).toEqual(commands)
  })

  it.each(['bash', 'zsh', 'fish'])('for %s has every command of the help', async (shell) => {
    const { out: help } = await runLine('--help')
    const commands = [...help.matchAll(/^ {2}([a-z][a-z-]+)(?: [<[].*)? {2,}\S/gm)].map(([, name = '']) => name)
    expect(commands.length).toBeGreaterThan(10)
    const text = await script(shell)
    for (const name of commands.filter((command) => command !== 'help')) expect(text).toContain(name)
  })

  it('has examples that work', async () => {
    const lines = await exampleLines('completion')
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(await runLine(line)).toMatchObject({ exitCode: 0, err: '' })
  })

  it('names the shells there are', async () => {
    expect((await runLine('completion tcsh')).exitCode).toBe(2)
  })
})
