import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogger, type Logger, type LoggerOptions } from '../../src/lib/logger.ts'

/** A logger at a clock of our own, and the lines it writes. */
function loggerAt(time: string, options: Partial<LoggerOptions> = {}) {
  const lines: string[] = []
  const clock = { time: Date.parse(time), now: () => clock.time }
  const logger = createLogger({
    level: 'debug',
    format: 'logfmt',
    clock,
    write: (line) => lines.push(line),
    ...options,
  })
  return { logger, lines, clock }
}

const NOON = '2026-03-01T12:00:00Z'
const STAMP = '2026-03-01T12:00:00.000Z'

describe('formats', () => {
  it('writes logfmt', () => {
    const { logger, lines } = loggerAt(NOON)
    logger.child({ source: 'pi' }).info('History loaded', { files: 3, path: '/a b' })
    expect(lines).toEqual([`time=${STAMP} level=info msg="History loaded" source=pi files=3 path="/a b"\n`])
  })

  it('writes JSON', () => {
    const { logger, lines } = loggerAt(NOON, { format: 'json' })
    logger.child({ source: 'pi' }).info('History loaded', { files: 3 })
    expect(lines).toEqual([`{"level":"info","time":"${STAMP}","source":"pi","files":3,"msg":"History loaded"}\n`])
  })

  it('writes the code of an error that has one, and the stack of a bug', () => {
    const { logger, lines } = loggerAt(NOON, { format: 'json' })
    logger.error('Cannot read', { err: Object.assign(new Error('denied'), { code: 'EACCES' }) })
    logger.error('Unexpected', { err: new TypeError('bug') })
    const [known, bug] = lines.map((line) => JSON.parse(line))
    expect(known.err).toEqual({ type: 'Error', message: 'denied', code: 'EACCES' })
    expect(bug.err).toEqual({ type: 'TypeError', message: 'bug', stack: expect.stringContaining('logger.test.ts') })
  })

  it('survives facts that contain themselves, and numbers beyond 2^53', () => {
    const { logger, lines } = loggerAt(NOON)
    const loop: Record<string, unknown> = { tokens: 9_007_199_254_740_992n }
    loop['self'] = loop
    logger.info('Odd', loop)
    expect(lines[0]).toContain('tokens=9007199254740992')
    expect(lines[0]).toContain('[Circular]')
  })
})

describe('levels', () => {
  it.each([
    { level: 'debug', written: ['debug', 'info', 'warn', 'error'] },
    { level: 'info', written: ['info', 'warn', 'error'] },
    { level: 'warn', written: ['warn', 'error'] },
    { level: 'error', written: ['error'] },
  ] as const)('$level writes $written', ({ level, written }) => {
    const { logger, lines } = loggerAt(NOON, { level })
    for (const each of ['debug', 'info', 'warn', 'error'] as const) logger[each]('Event')
    expect(lines.map((line) => /level=(\w+)/.exec(line)?.[1])).toEqual(written)
  })
})

describe('hostile text', () => {
  it.each(['logfmt', 'json'] as const)('cannot start a line or a terminal sequence in %s', (format) => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\n', '\u001b[2J', '\u009b2J', '\u2028'),
        (text, evil) => {
          const { logger, lines } = loggerAt(NOON, { format })
          logger.info('Found', { path: text + evil + text })
          expect(lines).toHaveLength(1)
          expect(lines[0]).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+\n$/u)
        },
      ),
    )
  })

  it('stays readable in JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { logger, lines } = loggerAt(NOON, { format: 'json' })
        logger.info('Found', { path: `${text}\u009b\u202e` })
        expect(JSON.parse(lines[0] ?? '').path).toBe(`${text}\u009b\u202e`)
      }),
    )
  })

  it('cannot add a fact in logfmt', () => {
    const { logger, lines } = loggerAt(NOON)
    logger.info('Found', { path: 'x level=error msg="all is lost"' })
    expect(lines).toEqual([`time=${STAMP} level=info msg=Found path="x level=error msg=\\"all is lost\\""\n`])
  })
})

describe('repeats', () => {
  const warn = (logger: Logger, bytes: number, path = '/a') => logger.warn('Cannot read', { path, bytes })

  it('are counted and told with the first line after a minute', () => {
    const { logger, lines, clock } = loggerAt(NOON)
    warn(logger, 1)
    clock.time += 59_999
    warn(logger, 2)
    warn(logger, 3)
    expect(lines).toHaveLength(1)
    clock.time += 1
    warn(logger, 4)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('path=/a bytes=4 repeated=2')
  })

  it('are told with the next event when they have ended', () => {
    const { logger, lines, clock } = loggerAt(NOON)
    warn(logger, 1)
    warn(logger, 2)
    clock.time += 60_000
    logger.info('Another')
    expect(lines.map((line) => /msg.*/.exec(line)?.[0])).toEqual([
      'msg="Cannot read" path=/a bytes=1',
      'msg="Cannot read" path=/a bytes=2 repeated=1',
      'msg=Another',
    ])
  })

  it('are those with the same names: message, source, path, error code', () => {
    const { logger, lines } = loggerAt(NOON)
    warn(logger, 1, '/a')
    warn(logger, 1, '/b')
    warn(logger.child({ source: 'pi' }), 1, '/a')
    logger.error('Cannot read', { path: '/a', bytes: 1 })
    logger.warn('Cannot read', { path: '/a', err: Object.assign(new Error('x'), { code: 'EACCES' }) })
    logger.warn('Cannot read', { path: '/a', err: Object.assign(new Error('y'), { code: 'EACCES' }) })
    logger.warn('Cannot read', { path: '/a', err: Object.assign(new Error('z'), { code: 'EIO' }) })
    expect(lines).toHaveLength(6)
  })

  it('of routine lines are all written', () => {
    const { logger, lines } = loggerAt(NOON)
    logger.info('Synced', { source: 'pi' })
    logger.info('Synced', { source: 'pi' })
    expect(lines).toHaveLength(2)
  })

  it('do not stay quiet when the clock is set back', () => {
    const { logger, lines, clock } = loggerAt(NOON)
    warn(logger, 1)
    clock.time -= 3_600_000
    warn(logger, 2)
    expect(lines).toHaveLength(2)
  })

  it('are remembered for a bounded number of names; those that make room are told', () => {
    const { logger, lines } = loggerAt(NOON)
    for (let file = 0; file < 1_000; file++) {
      warn(logger, 1, `/old/${file}`)
      warn(logger, 2, `/old/${file}`)
    }
    expect(lines).toHaveLength(1_000)
    for (let file = 0; file < 1_000; file++) warn(logger, 1, `/new/${file}`)
    expect(lines.filter((line) => line.includes('path=/new/'))).toHaveLength(1_000)
    expect(lines.filter((line) => line.includes('path=/old/') && line.includes('repeated=1'))).toHaveLength(1_000)
  })
})

it('writes everything to standard error before the process ends', () => {
  const script = `
    import { createLogger } from './src/lib/logger.ts'
    const logger = createLogger({ level: 'info', format: 'logfmt' })
    for (let line = 0; line < 2000; line++) logger.info('Line', { line, text: 'x'.repeat(100) })
    process.exit(3)`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { encoding: 'utf8' },
  )
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
  expect(stderr.match(/msg=Line/g)).toHaveLength(2_000)
  expect(stderr).toContain('line=1999')
})
