import type { PageAssets } from './assets.ts'

/**
 * Bundles style and script of the page from their sources. Needs the development packages.
 * `inputs`: the files they were made from, relative to the repository.
 */
export function buildPageAssets(): Promise<{ readonly assets: PageAssets; readonly inputs: readonly string[] }>
