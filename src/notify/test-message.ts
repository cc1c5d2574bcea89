import type { Message } from './notice.ts'

/** A message that tells of nothing, to see that messages arrive. */
export function testMessage(): Message {
  return {
    name: 'Test',
    severity: 'info',
    summary: 'This is a test.',
    description: 'The notifier of claude-usage-exporter reaches you. Nothing is wrong.',
    labels: {},
    periodStart: null,
  }
}
