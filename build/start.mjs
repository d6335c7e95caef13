/**
 * `npm start`: a first picture on the weights that ship, installing and building first where needed.
 * `npm start -- "another prompt"` paints that instead. What follows -- goes to `paella generate`; a prompt comes first.
 */
const prompt = 'a red apple, red background'

const args = process.argv.slice(2)
const hasPrompt = args[0] !== undefined && !args[0].startsWith('-')
process.argv.splice(2, args.length, 'paella', 'generate', ...(hasPrompt ? [] : [prompt]), ...args)
await import('./run.mjs')
