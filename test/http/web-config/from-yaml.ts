import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { yamlLayer } from '../../../src/config/yaml-file.ts'
import { OperatorError } from '../../../src/core/errors.ts'
import { parseWebConfig } from '../../../src/http/web-config/parse.ts'
import type { WebConfig } from '../../../src/http/web-config/web-config.ts'

/** The text of a web configuration file that would stand at a path. Files that it names are read from the disk. */
export function webConfigFrom(text: string, file = '/etc/web.yml'): WebConfig {
  const { values, where } = yamlLayer(file, dirname(file), text)
  return parseWebConfig({ file, values, where, readFile: (path) => readFileSync(path, 'utf8') })
}

/** What is said against it. */
export function refusalOf(text: string, file?: string): string[] {
  try {
    webConfigFrom(text, file)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return error.message.replace(/^Invalid web configuration(: |, \d+ problems:\n {2})/, '').split('\n  ')
  }
  throw new Error('the file was accepted')
}
