/** The version that pictures and `--version` name: package.json's. */
import manifest from '../../package.json' with { type: 'json' }

export const version: string = manifest.version
