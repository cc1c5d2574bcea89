import { build } from 'esbuild'

/** A module of the page's script for a browser, whose exports are in the global `client` there. */
export async function clientBundle(module: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`src/page/client/${module}.ts`],
    bundle: true,
    format: 'iife',
    globalName: 'client',
    platform: 'browser',
    write: false,
  })
  return outputFiles.map(({ text }) => text).join('\n')
}
