import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The licence texts of the packages these input files belong to: a bundle is a copy, which has to carry them. */
export async function thirdPartyLicenses(root, inputs) {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? [])
  const texts = await Promise.all([...new Set(folders)].sort().map((folder) => licenseOf(join(root, folder))))
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

async function licenseOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry))
  const text = file ? await readFile(join(folder, file), 'utf8') : ''
  return `${name} ${version} (${license})\n\n${text.trimEnd()}\n`
}
