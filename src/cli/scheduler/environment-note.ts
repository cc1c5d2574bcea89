const READ = [
  'ANTHROPIC_ADMIN_KEY',
  'ANTHROPIC_ADMIN_KEY_FILE',
  'CLAUDE_CONFIG_DIR',
  'CLAWDBOT_STATE_DIR',
  'MOLTBOT_STATE_DIR',
  'OPENCLAW_HOME',
  'OPENCLAW_STATE_DIR',
  'PI_CODING_AGENT_DIR',
  'PI_CODING_AGENT_SESSION_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
]

/** Which variables count in this shell and are not there for a scheduler; null: none. Their values may be secrets. */
export function environmentNote(env: Readonly<Record<string, string | undefined>>): string | null {
  const names = Object.keys(env).filter(
    (name) => env[name] && (READ.includes(name) || name.startsWith('CLAUDE_USAGE_EXPORTER_')),
  )
  if (names.length === 0) return null
  return `Set here, and unknown to the scheduler: ${names.sort().join(', ')}. Put these settings into the configuration file.`
}
