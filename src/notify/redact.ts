import { escapeControls } from '../lib/escape.ts'

const MIN_PART_CHARACTERS = 6

/** Text from a server, on one line and without the URL it was asked under: servers like to repeat it. */
export function redacted(text: string, url: URL): string {
  let safe = text
  for (const part of secretParts(url)) safe = safe.replaceAll(part, '[redacted]')
  return escapeControls(safe.replace(/\s+/g, ' ').trim())
}

/** Longest first, so that no rest of a longer one stays behind. */
function secretParts(url: URL): readonly string[] {
  const path = url.pathname + url.search
  const whole = [url.href, url.host + path, path, url.pathname, url.search]
  const pieces = [
    ...url.pathname.split('/'),
    ...[...url.searchParams.values()],
    url.hash.slice(1),
    url.username,
    url.password,
  ]
  const parts = [...whole, ...pieces].flatMap((part) => [part, decoded(part), part.replaceAll('&', '&amp;')])
  return [...new Set(parts)].filter(({ length }) => length >= MIN_PART_CHARACTERS).sort((a, b) => b.length - a.length)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // a stray percent sign
  }
}
