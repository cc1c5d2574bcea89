import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('client', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export async function buildPageAssets() {
  const { build } = await import('esbuild')
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [`${FOLDER}/main.ts`, `${FOLDER}/style.css`],
    outdir: ROOT,
    bundle: true,
    minify: true,
    // Works as a module and as a classic script, linked or in the document.
    format: 'iife',
    platform: 'browser',
    target: ['chrome111', 'edge111', 'firefox113', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  })
  const asset = (extension) => {
    const text = outputFiles.find(({ path }) => path.endsWith(`.${extension}`)).text.trimEnd()
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
    return { address: `/assets/page-${hash}.${extension}`, text }
  }
  return { assets: { style: asset('css'), script: asset('js') }, inputs: Object.keys(metafile.inputs) }
}
