import type { Format } from '../metrics/render/family.ts'

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/**
 * The exposition format an `Accept` header asks for: the one with the highest q, the first of equals. Parameters we do
 * not know, such as `escaping`, are ignored. Text is the answer to everything else: a scraper that gets a 406 has lost
 * its data, one that gets text can most likely read it.
 */
export function negotiateFormat(accept: string | undefined): Format {
  let best: Format = 'text'
  let bestQuality = 0
  for (const range of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const format = formatOf(type, parameterOf(parameters, 'version'))
    const quality = qualityOf(parameterOf(parameters, 'q'))
    if (format !== null && quality > bestQuality) {
      best = format
      bestQuality = quality
    }
  }
  return best
}

function formatOf(type: string, version: string | null): Format | null {
  if (type === 'application/openmetrics-text') return version === null || version === '1.0.0' ? 'openmetrics' : null
  return type === 'text/plain' || type === 'text/*' || type === '*/*' ? 'text' : null
}

function parameterOf(parameters: readonly string[], name: string): string | null {
  const parameter = parameters.find((text) => text.startsWith(`${name}=`))
  return parameter === undefined ? null : parameter.slice(name.length + 1).replace(/^"(.*)"$/, '$1')
}

/** RFC 9110: 0 to 1, 1 where it is missing. One that cannot be read counts as 0. */
function qualityOf(text: string | null): number {
  if (text === null) return 1
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0
}
