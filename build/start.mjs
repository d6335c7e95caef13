/**
 * `npm start`: a first picture on the weights that ship, installing and building first where needed.
 * `npm start -- "another prompt"` paints that instead; everything after -- goes to `paella generate`.
 */
const prompt = 'a red apple, red background'

const args = process.argv.slice(2)
const hasPrompt = args.some((arg) => !arg.startsWith('-'))
process.argv.splice(2, args.length, 'paella', 'generate', ...(hasPrompt ? [] : [prompt]), ...args)
await import('./run.mjs')
