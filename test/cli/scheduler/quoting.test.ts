import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellLine, unitArgument, unitPath, unitWord, xmlText } from '../../../src/cli/scheduler/quoting.ts'
import { splitWords } from '../../../src/cli/scheduler/words.ts'

const NASTY = ['a b', "it's", '"x"', '$HOME', '`id`', '50%', 'a\\b', '*', '~', ';', '-n', 'ünïcode', '', "''", '$(id)']

describe('a command line for a shell', () => {
  it('is read by a shell as the words it was made of', () => {
    const out = execFileSync('sh', ['-c', `printf '%s\\n' ${shellLine(NASTY)}`], { encoding: 'utf8' })
    expect(out.split('\n').slice(0, -1)).toEqual(NASTY)
  })

  it('is split into the words it was made of', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom(...NASTY))
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(splitWords(shellLine(words))).toEqual(words)
      }),
    )
  })
})

describe('splitWords', () => {
  it.each([
    ['report --output weekly.md', ['report', '--output', 'weekly.md']],
    ['  a\t b\n', ['a', 'b']],
    [`--output="my file" --by 'a b'`, ['--output=my file', '--by', 'a b']],
    [`a\\ b "x\\"y\\z" ''`, ['a b', 'x"y\\z', '']],
    ['', []],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  it.each(["it's", 'a "b', 'a\\'])('refuses %j', (text) => {
    expect(() => splitWords(text)).toThrow('A quote is never closed')
  })
})

describe('words of a unit', () => {
  it.each([
    ['/usr/bin/node', '/usr/bin/node'],
    ['/opt/a b/node', '"/opt/a b/node"'],
    ['/opt/50%/node', '/opt/50%%/node'],
    ['/home/ada/bin/node', '%h/bin/node'],
    ['/home/ada', '/home/ada'],
    ['/home/adam/node', '/home/adam/node'],
    ['/home/ada/50% "x"', '"%h/50%% \\"x\\""'],
    ['a\\b', '"a\\\\b"'],
    ["it's", '"it\'s"'],
    ['', '""'],
    [';', '";"'],
  ])('%j is %s', (text, written) => {
    expect(unitWord(text, '/home/ada')).toBe(written)
  })

  it('double the dollar sign in arguments, and not in the program', () => {
    expect([unitArgument('$A/$B', null), unitWord('/opt/$x', null)]).toEqual(['$$A/$$B', '/opt/$x'])
  })

  it('keep paths as they are where there is no home folder to write shorter', () => {
    expect([unitPath('/home/ada/x', null), unitPath('/x%', '/')]).toEqual(['/home/ada/x', '/x%%'])
  })
})

it('escapes what XML would take for its own', () => {
  expect(xmlText('a & b < c > "d" &lt;')).toBe('a &amp; b &lt; c &gt; "d" &amp;lt;')
})
