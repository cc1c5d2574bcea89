import { expect, it } from 'vitest'
import { quickOptions } from '../../../src/cli/statusline/options.ts'

it.each([
  [['statusline'], {}],
  [['statusline', '--account', 'work'], { account: 'work' }],
  [['statusline', '--account=work', '--format', '--x'], { account: 'work', format: '--x' }],
  [['statusline', '--format={5h}=\n'], { format: '{5h}=\n' }],
  [['statusline', '--storage.path', '/a b'], { storagePath: '/a b' }],
  [['statusline', '--storage.path='], { storagePath: '' }],
])('%j is answered at once', (argv, options) => {
  expect(quickOptions(argv)).toEqual(options)
})

it.each([
  [[]],
  [['windows']],
  [['--storage.path', '/x', 'statusline']],
  [['statusline', '--help']],
  [['statusline', '-h']],
  [['statusline', '--config.file', 'x.yml']],
  [['statusline', '--account']],
  [['statusline', 'more']],
  [['statusline', '--toString', 'x']],
])('%j is left to the other commands', (argv) => {
  expect(quickOptions(argv)).toBeNull()
})
