import { runLine } from './fake-io.ts'

/** The command lines under `Examples:` in the help of a command, without the name of the program. */
export async function exampleLines(command: string): Promise<string[]> {
  const { out } = await runLine(`${command} --help`)
  const [, examples = ''] = out.split('Examples:\n')
  return examples
    .split('\n')
    .map((line) => /^ {2}claude-usage-exporter (\S.*?)(?: {2,}.*)?$/.exec(line)?.[1])
    .filter((line) => line !== undefined)
}
