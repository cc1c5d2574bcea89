/** The command that the settings of Claude Code are to name; with the folder where it would not find that itself. */
export function statusCommand(storagePath: string, foundByItself: string): string {
  const command = 'claude-usage-exporter statusline'
  return storagePath === foundByItself ? command : `${command} --storage.path ${shellWord(storagePath)}`
}

/** What belongs into settings.json of Claude Code. */
export function settingsSnippet(command: string): string {
  return JSON.stringify({ statusLine: { type: 'command', command } }, null, 2)
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
