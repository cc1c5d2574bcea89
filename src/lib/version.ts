import manifest from '../../package.json' with { type: 'json' }

/** Version of this program. The build copies it in, so that nothing is read at run time. */
export const VERSION: string = manifest.version

declare const BUILD_REVISION: string

/** What this program was built from: `BUILD_REVISION` of the environment of the build, `unknown` without. */
export const REVISION: string = typeof BUILD_REVISION === 'undefined' ? 'unknown' : BUILD_REVISION
