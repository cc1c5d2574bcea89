import { describe, expect, it } from 'vitest'
import { printConfig } from '../../src/config/print.ts'
import { loadFrom } from './load-from.ts'

const YAML = `
web:
  listen_address: [localhost:1, "[::1]:2"]
storage: {path: data}
sources: {pi: {roots: [logs, {path: /more, billing: plan}]}}
projects: {label: hash, salt: pepper, aliases: {a: b}}
pricing: {overrides: [{model: m, input: 1, output: 2.5}]}
`

describe('the configuration in force', () => {
  it('tells where each value was given', async () => {
    const text = printConfig(await loadFrom({ yaml: YAML, env: { LOG_LEVEL: 'warn' }, flags: { 'tail.mode': 'poll' } }))
    expect(text).toContain('  level: warn # CLAUDE_USAGE_EXPORTER_LOG_LEVEL\n  format: logfmt\n')
    expect(text).toContain('  mode: poll # --tail.mode\n')
    expect(text).toContain('  path: /etc/data # /etc/exporter.yml:4:17: storage.path\n')
    expect(text).toContain('  listen_address:\n    # /etc/exporter.yml:3:19: web.listen_address\n    - localhost:1\n')
  })

  it('masks the salt', async () => {
    const text = printConfig(await loadFrom({ yaml: YAML }))
    expect(text).toContain('salt: "[redacted]"')
    expect(text).not.toContain('pepper')
  })

  it('can be loaded again and gives the same configuration', async () => {
    const first = await loadFrom({ yaml: YAML })
    const again = await loadFrom({ yaml: printConfig(first).replace('[redacted]', 'pepper') })
    expect(again.config).toEqual(first.config)
  })
})
