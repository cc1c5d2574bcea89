import { defaultText, type NamedSetting } from './setting.ts'
import { allSettings } from './settings.ts'

/** Every setting as a Markdown table, for the manual. */
export function settingsReference(): string {
  const header = ['| setting | default | what it does | flag, environment |', '| --- | --- | --- | --- |']
  return [...header, ...allSettings.map(tableRow), ''].join('\n')
}

function tableRow({ path, setting, flag, environmentName }: NamedSetting): string {
  const text = defaultText(setting)
  const isLiteral = setting.defaultText === undefined && text !== 'none'
  const names = [flag, environmentName, setting.alsoEnvironment ?? null].filter((name) => name !== null).map(code)
  const about = `${setting.about} (${setting.type.name})`
  return `| ${[code(path), isLiteral ? code(text) : text, about, names.join('<br>')].map(cell).join(' | ')} |`
}

function code(text: string): string {
  return `\`${text}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
