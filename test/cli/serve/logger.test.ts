import { describe, expect, it } from 'vitest'
import { createReloadableLogger } from '../../../src/cli/serve/logger.ts'

describe('reloadable logger', () => {
  it('changes level and format, children included', () => {
    const lines: string[] = []
    const logger = createReloadableLogger({
      level: 'warn',
      format: 'logfmt',
      clock: { now: () => 0 },
      write: (line) => void lines.push(line),
    })
    const child = logger.child({ source: 'pi' }).child({ path: '/x' })
    child.info('hidden')
    logger.reload({ level: 'info', format: 'json' })
    child.info('shown')
    logger.info('shown too')
    logger.reload({ level: 'error', format: 'json' })
    child.warn('hidden')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'info', source: 'pi', path: '/x', msg: 'shown' },
      { level: 'info', msg: 'shown too' },
    ])
  })
})
