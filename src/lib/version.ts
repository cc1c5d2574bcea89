import manifest from '../../package.json' with { type: 'json' }

/** Version of this program. The build copies it in, so that nothing is read at run time. */
export const VERSION: string = manifest.version
