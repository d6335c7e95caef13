/**
 * Sets every fuse of the packaged Electron, before it is signed. electron-builder's own list is older than Electron's and has
 * no strict mode: here a fuse that a new Electron brings fails the build until somebody has decided.
 */
import { join } from 'node:path'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'

/** Why, where it is not plain: reliability of the app.asar's seal, and no way to run it as something else. */
export const fuses = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  // Without this one the seal could be gone around.
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // Would want a snapshot of our own beside Electron's.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // Pages come from app://studio.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
}

export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo
  const names = { darwin: `${productFilename}.app`, win32: `${productFilename}.exe`, linux: packager.executableName }
  await flipFuses(join(appOutDir, names[electronPlatformName]), fuses)
}
