import type { NamedSetting, YamlValue } from './setting.ts'
import { allSettings } from './settings.ts'

/** Every setting as a Markdown table, for the manual. */
export function settingsReference(): string {
  const header = ['| setting | default | what it does | flag, environment |', '| --- | --- | --- | --- |']
  return [...header, ...allSettings.map(tableRow), ''].join('\n')
}

function tableRow({ path, setting, flag, environmentName }: NamedSetting): string {
  const given = typeof setting.default === 'function' ? '' : code(defaultText(setting.default))
  const names = [flag, environmentName].filter((name) => name !== null).map(code)
  const about = `${setting.about} (${setting.type.name})`
  return `| ${[code(path), setting.defaultText ?? given, about, names.join('<br>')].map(cell).join(' | ')} |`
}

function defaultText(value: YamlValue): string {
  if (Array.isArray(value)) return value.join(', ') || 'none'
  if (typeof value === 'object') return 'none'
  return String(value)
}

function code(text: string): string {
  return text === 'none' ? text : `\`${text}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
