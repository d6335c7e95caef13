/**
 * The built program under the stand-in, in a process of its own that can be killed: `node --import .../register.mjs
 * electron-studio-program.ts MAIN`. Lines of JSON on stdin are what the person does: `{"answer": DIALOG, "value"}`
 * before a dialog comes, `{"click": [MENU, ENTRY]}` in the native menus.
 */
import { createInterface } from 'node:readline'
import { standIn } from './electron-stand-in/index.ts'

const main = process.argv[2]
if (main === undefined) throw new Error('assertion failed: the program to start is named')
createInterface({ input: process.stdin }).on('line', (line) => {
  const told = JSON.parse(line) as
    | { readonly answer: Parameters<typeof standIn.answer>[0]; readonly value: object }
    | { readonly click: readonly string[] }
  if ('click' in told) standIn.click(...told.click)
  else standIn.answer(told.answer, told.value)
})
await import(main)
