/** `node --import tests/kit/electron-stand-in/register.mjs out/main/index.js` starts the built program with the stand-in. */
import { registerHooks } from 'node:module'

const url = new URL('./index.ts', import.meta.url).href

if (process.env.STAND_IN_RESOURCES) {
  Object.defineProperty(process, 'resourcesPath', { value: process.env.STAND_IN_RESOURCES })
}

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url, shortCircuit: true } : next(specifier, context),
})
