import type { Shell } from './command.ts'
import type { CommandNode, OptionNode } from './tree.ts'

const PROGRAM = 'claude-usage-exporter'
const FUNCTION = '_claude_usage_exporter'

/** Script for one shell. Names come from this program only, texts are quoted all the same. */
export function completionScript(shell: Shell, root: CommandNode): string {
  return { bash, zsh, fish }[shell](root)
}

function bash(root: CommandNode): string {
  const nodes = flatten(root)
  const valued = valuedOptions(nodes)
  const cases = nodes.map(
    (node) =>
      `    ${quote(node.path.join(' '))}) words=${quote([...childNames(node), ...optionNames(node, root)].join(' '))} ;;`,
  )
  const values = valued.map(({ path, option: { name, words, isPath } }) => {
    const pattern = quote(`${path.join(' ')}|${name}`)
    const action = isPath
      ? 'COMPREPLY=($(compgen -f -- "$current"))'
      : `COMPREPLY=($(compgen -W ${quote((words ?? []).join(' '))} -- "$current"))`
    return `    ${pattern}) ${action}; return ;;`
  })
  return `# Completion of ${PROGRAM} for bash. Made by "${PROGRAM} completion bash".
${FUNCTION}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${nodes
      .map((node) => node.path.join('/'))
      .filter(Boolean)
      .join(' ')} " in
      *" \${path:+\${path// //}/}$word "*) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path|$previous" in
${values.join('\n')}
  esac
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
${fileCase(nodes)}}
complete -F ${FUNCTION} ${PROGRAM}
`
}

function fileCase(nodes: readonly CommandNode[]): string {
  const paths = nodes.filter(({ takesFile }) => takesFile).map(({ path }) => quote(path.join(' ')))
  if (paths.length === 0) return ''
  return `  case "$path" in
    ${paths.join('|')}) COMPREPLY+=($(compgen -f -- "$current")) ;;
  esac
`
}

function zsh(root: CommandNode): string {
  const functions = flatten(root).map((node) => zshFunction(node, root))
  return `#compdef ${PROGRAM}
# Completion of ${PROGRAM} for zsh. Made by "${PROGRAM} completion zsh".
${functions.join('\n')}
if [ "$funcstack[1]" = ${quote(FUNCTION)} ]; then
  ${FUNCTION} "$@"
else
  compdef ${FUNCTION} ${PROGRAM}
fi
`
}

function zshFunction(node: CommandNode, root: CommandNode): string {
  const name = zshName(node)
  const options = ownAndGeneral(node, root).map((option) => quote(zshOption(option)))
  if (node.children.length === 0) {
    const files = node.takesFile ? [quote('*:file:_files')] : []
    return `${name}() {\n  _arguments ${[...options, ...files].join(' \\\n    ')}\n}`
  }
  const commands = node.children.map(({ path, about }) => quote(`${path.at(-1)}:${about.replaceAll(':', '\\:')}`))
  const branches = node.children.map((child) => `        ${child.path.at(-1)}) ${zshName(child)} ;;`)
  return `${name}() {
  local context state line
  typeset -A opt_args
  _arguments -C ${[...options, quote('1:command:->command'), quote('*::argument:->argument')].join(' \\\n    ')}
  case $state in
    command)
      local -a commands
      commands=(${commands.join('\n        ')})
      _describe command commands ;;
    argument)
      case $line[1] in
${branches.join('\n')}
      esac ;;
  esac
}`
}

function zshName({ path }: CommandNode): string {
  return [FUNCTION, ...path].join('_').replaceAll('-', '_')
}

function zshOption({ name, about, words, isPath }: OptionNode): string {
  const text = `${name}[${about.replace(/[[\]\\:]/g, '\\$&')}]`
  if (words === null) return text
  const values = isPath ? '_files' : words.length === 0 ? ' ' : `(${words.join(' ')})`
  return `${text}:value:${values}`
}

function fish(root: CommandNode): string {
  const lines = flatten(root).flatMap((node) => [
    ...node.children.map((child) => fishLine(node, `-f -a ${quote(child.path.at(-1) ?? '')} -d ${quote(child.about)}`)),
    ...node.options.map((option) => fishLine(node, fishOption(option))),
    ...(node.takesFile ? [fishLine(node, '-F')] : []),
  ])
  return `# Completion of ${PROGRAM} for fish. Made by "${PROGRAM} completion fish".
complete -c ${PROGRAM} -f
${lines.join('\n')}
`
}

function fishLine({ path, children }: CommandNode, what: string): string {
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`)
  const unseen = children.map((child) => child.path.at(-1)).join(' ')
  // Options of the program itself work behind every command, so that they have no condition.
  const isCommand = what.startsWith('-f -a')
  const tests = isCommand && unseen !== '' ? [...seen, `not __fish_seen_subcommand_from ${unseen}`] : seen
  return `complete -c ${PROGRAM}${tests.length === 0 ? '' : ` -n ${quote(tests.join('; and '))}`} ${what}`
}

function fishOption({ name, about, words, isPath }: OptionNode): string {
  const value =
    words === null ? '' : isPath ? ' -r -F' : words.length === 0 ? ' -x' : ` -x -a ${quote(words.join(' '))}`
  return `-l ${quote(name.replace(/^--/, ''))}${value} -d ${quote(about)}`
}

function flatten(node: CommandNode): CommandNode[] {
  return [node, ...node.children.flatMap(flatten)]
}

function childNames({ children }: CommandNode): string[] {
  return children.map(({ path }) => path.at(-1) ?? '')
}

function optionNames(node: CommandNode, root: CommandNode): string[] {
  return ownAndGeneral(node, root).map(({ name }) => name)
}

/** The flags of the exporter work behind every command. */
function ownAndGeneral(node: CommandNode, root: CommandNode): OptionNode[] {
  const own = new Set(node.options.map(({ name }) => name))
  return node === root ? [...node.options] : [...node.options, ...root.options.filter(({ name }) => !own.has(name))]
}

/** Options that take a word of a list, or a file, with the commands they stand behind. */
function valuedOptions(nodes: readonly CommandNode[]): { path: readonly string[]; option: OptionNode }[] {
  const [root] = nodes
  return nodes.flatMap((node) =>
    (root === undefined ? node.options : ownAndGeneral(node, root))
      .filter(({ words, isPath }) => words !== null && (isPath || words.length > 0))
      .map((option) => ({ path: node.path, option })),
  )
}

/** As one word of any of the shells. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
