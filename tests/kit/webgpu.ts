/** WebGPU without a graphics card: the software Vulkan that comes with Debian's Chromium. Right, and slow. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const chromium = '/usr/lib/chromium'
const driver = join(chromium, 'vk_swiftshader_icd.json')

/** What a process must have in its environment to find it; undefined where there is none. */
export const softwareWebGpu: Readonly<Record<string, string>> | undefined = existsSync(driver)
  ? { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: chromium }
  : undefined
