import { describe, expect, it } from 'vitest'
import { absolutePath, configFolder, dataFolder, type PlatformFacts } from '../../src/lib/paths.ts'

const linux: PlatformFacts = { platform: 'linux', env: {}, home: '/home/ada' }
const mac: PlatformFacts = { platform: 'darwin', env: {}, home: '/Users/ada' }
const windows: PlatformFacts = { platform: 'win32', env: {}, home: 'C:\\Users\\ada' }

describe('the folders of a platform', () => {
  it.each([
    {
      where: 'Linux',
      facts: linux,
      data: '/home/ada/.local/share/claude-usage-exporter',
      config: '/home/ada/.config/claude-usage-exporter',
    },
    {
      where: 'Linux with XDG folders',
      facts: { ...linux, env: { XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/config' } },
      data: '/data/claude-usage-exporter',
      config: '/config/claude-usage-exporter',
    },
    {
      where: 'Linux with relative XDG folders, which do not count',
      facts: { ...linux, env: { XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: '' } },
      data: '/home/ada/.local/share/claude-usage-exporter',
      config: '/home/ada/.config/claude-usage-exporter',
    },
    {
      where: 'macOS',
      facts: mac,
      data: '/Users/ada/Library/Application Support/claude-usage-exporter',
      config: '/Users/ada/Library/Application Support/claude-usage-exporter',
    },
    {
      where: 'macOS with XDG folders',
      facts: { ...mac, env: { XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/config' } },
      data: '/data/claude-usage-exporter',
      config: '/config/claude-usage-exporter',
    },
    {
      where: 'Windows',
      facts: { ...windows, env: { LOCALAPPDATA: 'D:\\Local', APPDATA: 'D:\\Roaming', XDG_DATA_HOME: '/data' } },
      data: 'D:\\Local\\claude-usage-exporter',
      config: 'D:\\Roaming\\claude-usage-exporter',
    },
    {
      where: 'Windows without its variables',
      facts: windows,
      data: 'C:\\Users\\ada\\AppData\\Local\\claude-usage-exporter',
      config: 'C:\\Users\\ada\\AppData\\Roaming\\claude-usage-exporter',
    },
  ])('on $where', ({ facts, data, config }) => {
    expect(dataFolder(facts)).toBe(data)
    expect(configFolder(facts)).toBe(config)
  })
})

describe('absolutePath', () => {
  it.each([
    { facts: linux, folder: '/etc', path: 'logs', absolute: '/etc/logs' },
    { facts: linux, folder: '/etc', path: '../logs/', absolute: '/logs' },
    { facts: linux, folder: '/etc', path: '/logs', absolute: '/logs' },
    { facts: linux, folder: '/etc', path: '~', absolute: '/home/ada' },
    { facts: linux, folder: '/etc', path: '~/logs', absolute: '/home/ada/logs' },
    { facts: linux, folder: '/etc', path: '~bob/logs', absolute: '/etc/~bob/logs' },
    { facts: windows, folder: 'C:\\etc', path: 'logs\\x', absolute: 'C:\\etc\\logs\\x' },
    { facts: windows, folder: 'C:\\etc', path: '~\\logs', absolute: 'C:\\Users\\ada\\logs' },
    { facts: windows, folder: 'C:\\etc', path: 'D:/logs', absolute: 'D:\\logs' },
  ])('$path in $folder is $absolute', ({ facts, folder, path, absolute }) => {
    expect(absolutePath(facts, folder, path)).toBe(absolute)
  })
})
