import { describe, expect, it } from 'vitest'
import { createStyle, hasColors } from '../../../src/cli/terminal/style.ts'

describe('colours', () => {
  it.each([
    { when: 'on a terminal', isTTY: true, env: {}, colored: true },
    { when: 'in a pipe', isTTY: false, env: {}, colored: false },
    { when: 'on a dumb terminal', isTTY: true, env: { TERM: 'dumb' }, colored: false },
    { when: 'with NO_COLOR', isTTY: true, env: { NO_COLOR: '1' }, colored: false },
    { when: 'with an empty NO_COLOR, which counts as absent', isTTY: true, env: { NO_COLOR: '' }, colored: true },
    { when: 'in a pipe with FORCE_COLOR', isTTY: false, env: { FORCE_COLOR: '1' }, colored: true },
    { when: 'with FORCE_COLOR=0', isTTY: true, env: { FORCE_COLOR: '0' }, colored: false },
    { when: 'with both', isTTY: true, env: { FORCE_COLOR: '1', NO_COLOR: '1' }, colored: false },
  ])('$when: $colored', ({ isTTY, env, colored }) => {
    expect(hasColors({ isTTY, env })).toBe(colored)
  })

  it('paints or leaves alone', () => {
    expect(createStyle(true).bold('x')).toBe('\u001b[1mx\u001b[22m')
    expect(createStyle(false).bold('x')).toBe('x')
  })
})
