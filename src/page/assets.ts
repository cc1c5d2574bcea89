export interface PageAsset {
  /** Path it is served at, with a hash of its content. */
  readonly address: string
  readonly text: string
}

/** What the page needs beside its HTML. */
export interface PageAssets {
  readonly style: PageAsset
  readonly script: PageAsset
}

/** PageAssets as JSON. The build puts it in, so that nothing is read at run time. */
declare const PAGE_ASSETS: string

let loading: Promise<PageAssets> | undefined

/** Style and script as they were built; made from their sources where the program itself runs from source. */
export function loadPageAssets(): Promise<PageAssets> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<PageAssets> {
  if (typeof PAGE_ASSETS === 'undefined') {
    const { buildPageAssets } = await import('./build-assets.mjs')
    return (await buildPageAssets()).assets
  }
  return JSON.parse(PAGE_ASSETS) as PageAssets
}
