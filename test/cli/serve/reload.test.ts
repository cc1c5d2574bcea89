import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LIVE_SETTINGS } from '../../../src/cli/serve/reload.ts'
import { allSettings } from '../../../src/config/settings.ts'
import { tempFolder } from '../../support/temp.ts'
import { startServing } from '../support/serving.ts'

async function servingWith(yaml: string) {
  const home = tempFolder()
  const file = join(home, 'config.yml')
  writeFileSync(file, yaml)
  const serving = await startServing('--config.file config.yml', { home })
  const post = async () => {
    const response = await fetch(`${serving.url}/-/reload`, { method: 'POST' })
    return { status: response.status, text: await response.text() }
  }
  return {
    ...serving,
    post,
    hangup: () => serving.io.emitter.emit('SIGHUP'),
    write: (text: string) => writeFileSync(file, text),
    status: async (path: string) => (await fetch(serving.url + path)).status,
    succeeded: async () =>
      /^claude_exporter_config_last_reload_successful (\d)$/m.exec(
        await (await fetch(`${serving.url}/metrics`)).text(),
      )?.[1],
  }
}

describe('reload', () => {
  it('takes over what can change while running, by SIGHUP', async () => {
    const serving = await servingWith('web: {enable_lifecycle: false}\n')
    expect(await serving.post()).toMatchObject({ status: 403 })
    serving.write('web: {enable_lifecycle: true, telemetry_path: /m}\nlog: {format: json}\n')
    serving.hangup()
    await serving.logged('"msg":"configuration reloaded"')
    expect(await serving.status('/m')).toBe(200)
    expect(await serving.status('/metrics')).toBe(404)
    expect(await serving.post()).toEqual({ status: 200, text: 'Reloaded.\n' })
    await serving.stop()
  })

  it('names the settings that need a restart, as long as they differ from those in force', async () => {
    const serving = await servingWith('web: {enable_lifecycle: true}\n')
    serving.write('web: {enable_lifecycle: true}\ntime_zone: Asia/Tokyo\nprojects: {label: path}\n')
    expect(await serving.post()).toMatchObject({ status: 200 })
    expect(serving.io.err()).toMatch(/some changed settings need a restart.*settings="?\[.*time_zone.*projects\.label/)
    expect(await serving.succeeded()).toBe('1')
    serving.write('web: {enable_lifecycle: true}\n')
    const before = serving.io.err().length
    await serving.post()
    expect(serving.io.err().slice(before)).not.toContain('need a restart')
    await serving.stop()
  })

  it('keeps the old configuration where the new one is wrong', async () => {
    const serving = await servingWith('web: {enable_lifecycle: true}\n')
    serving.write('web: {enable_lifecycle: false, telemtry_path: /m}\n')
    const { status, text } = await serving.post()
    expect(status).toBe(500)
    expect(JSON.parse(text).detail).toContain('telemtry_path')
    expect(serving.io.err()).toContain('the configuration is not valid; the one before stays in force')
    expect(await serving.succeeded()).toBe('0')
    serving.write('web: {enable_lifecycle: true}\n')
    expect(await serving.post()).toMatchObject({ status: 200 })
    expect(await serving.succeeded()).toBe('1')
    await serving.stop()
  })

  it('refuses prices that contradict each other', async () => {
    const serving = await servingWith('web: {enable_lifecycle: true}\n')
    serving.write(
      'web: {enable_lifecycle: true}\npricing: {overrides: [{model: a, aliases: [x], input: 1, output: 2}, {model: b, aliases: [x], input: 1, output: 2}]}\n',
    )
    expect(await serving.post()).toMatchObject({ status: 500 })
    await serving.stop()
  })

  it('knows its settings by their names', () => {
    const names = new Set(allSettings.map(({ path }) => path))
    expect([...LIVE_SETTINGS].filter((path) => !names.has(path))).toEqual([])
  })
})
