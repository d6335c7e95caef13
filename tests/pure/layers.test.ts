/**
 * Who may import whom, as a table, and a check of every import in src against it: plain, type-only and dynamic imports,
 * re-exports, and `import('...')` in types. A new room begins with its line in this table.
 */
import { globSync, readFileSync } from 'node:fs'
import { posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ESTree, parseSync, Visitor } from 'vite'
import { describe, expect, test } from 'vitest'

interface Room {
  /** Rooms, or paths in src, that it may import besides itself. */
  readonly src: readonly string[]
  /** Packages; 'node:' stands for all of node's own modules. */
  readonly packages: readonly string[]
}

const rooms: Readonly<Record<string, Room>> = {
  shared: { src: [], packages: ['zod'] },
  raster: { src: ['shared'], packages: [] },
  document: { src: ['shared'], packages: ['zod'] },
  editor: { src: ['shared', 'document', 'raster'], packages: [] },
  engine: {
    // package.json names the version.
    src: ['shared', 'raster', '../package.json'],
    packages: ['node:', 'zod', '@bufbuild/protobuf', 'onnx-buf', 'onnxruntime-node', 'sharp'],
  },
  host: { src: ['shared', 'engine'], packages: ['node:'] },
  // Files of documents and pictures: whole or not at all, journal, tiles, OpenRaster. No codec, no window.
  files: { src: ['shared', 'document', 'raster'], packages: ['node:', 'zod', 'yauzl'] },
  // Queue and gallery on SQLite; engine and codecs are given to it.
  library: { src: ['shared', 'raster', 'files'], packages: ['node:'] },
  // From a list to files; the engine is handed in. The queue's packages are for one file, which few load.
  batch: {
    src: ['shared', 'raster', 'files'],
    packages: ['node:', 'zod', 'csv-parse', 'bullmq', 'ioredis'],
  },
  // Of the host only the caller's side: the engine itself stays in its own process.
  backstage: {
    src: [
      'shared',
      'raster',
      'document',
      'files',
      'library',
      'batch',
      'host/engine-client.ts',
      'host/engine-environment.ts',
    ],
    packages: ['node:', 'zod'],
  },
  cli: {
    src: ['shared', 'raster', 'document', 'files', 'batch', 'engine', 'host', '../package.json'],
    packages: ['node:', 'commander'],
  },
  main: { src: ['shared', 'backstage/start.ts'], packages: ['node:', 'electron', 'zod'] },
  // The other door to the same: what main is made of, less Electron.
  web: {
    src: ['shared', 'backstage/start.ts', 'main/security/content-policy.ts', 'main/security/served-files.ts'],
    packages: ['node:', 'ws'],
  },
  preload: { src: ['shared/contract'], packages: ['electron'] },
  renderer: {
    src: ['shared', 'document', 'editor', 'raster'],
    packages: ['react', 'react-dom', 'konva', '@base-ui/react', 'lucide-react', 'zod'],
  },
}

/** Packages that one file alone may import, so that one file knows their ways. */
const onlyIn: Readonly<Record<string, string>> = {
  'onnxruntime-node': 'engine/runtime/session.ts',
  sharp: 'engine/images/codec.ts',
  bullmq: 'batch/redis-queue.ts',
  ioredis: 'batch/redis-queue.ts',
}

/** Source text by path in src. */
type Sources = ReadonlyMap<string, string>

const src = fileURLToPath(new URL('../../src/', import.meta.url))
const sources: Sources = new Map(
  globSync('**/*.{ts,tsx}', { cwd: src })
    .sort()
    .map((file) => [file.replaceAll(sep, '/'), readFileSync(src + file, 'utf8')]),
)

/** What the file imports: paths in src for relative imports, else the specifier as it stands. */
function importsOf(file: string, source: string): string[] {
  const found: string[] = []
  const add = (specifier: string) =>
    found.push(specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier)
  const { program, errors } = parseSync(file, source)
  expect(errors, file).toEqual([])
  new Visitor({
    ImportDeclaration: (node) => add(node.source.value),
    ExportAllDeclaration: (node) => add(node.source.value),
    ExportNamedDeclaration: (node) => node.source && add(node.source.value),
    ImportExpression: (node) => add(literal(node.source) ?? '(computed)'),
    TSImportType: (node) => add(node.source.value),
    TSExternalModuleReference: (node) => add(node.expression.value),
  }).visit(program)
  return found
}

function literal(node: ESTree.Expression): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? undefined
  return undefined
}

const isWithin = (target: string, allowed: string): boolean =>
  target === allowed || target.startsWith(allowed.endsWith(':') ? allowed : `${allowed}/`)

/** One line for every import that the table does not allow. */
function violations(files: Sources): string[] {
  return [...files].flatMap(([file, source]) => {
    const name = file.split('/')[0] ?? ''
    const room = Object.hasOwn(rooms, name) ? rooms[name] : undefined
    if (room === undefined) return [`${file} is in no room of the table`]
    const allowed = [name, ...room.src, ...room.packages]
    const forbidden = importsOf(file, source).filter(
      (target) =>
        !allowed.some((entry) => isWithin(target, entry)) ||
        Object.entries(onlyIn).some(([only, home]) => isWithin(target, only) && file !== home) ||
        // Such an import would hide from the two walks below.
        (files.has(`${target}.ts`) && !files.has(target)),
    )
    return forbidden.map((target) => `${file} imports ${target}`)
  })
}

const check = (file: string, source: string): string[] => violations(new Map([[file, source]]))

/** Every file that `start` imports, and what those import, as the way there: 'a.ts > b.ts > c.ts'. */
function reached(files: Sources, start: string): string[] {
  const ways = new Map([[start, start]])
  for (const [file, way] of ways) {
    for (const target of importsOf(file, files.get(file) ?? '')) {
      if (!ways.has(target)) ways.set(target, `${way} > ${target}`)
    }
  }
  return [...ways.values()]
}

/** Each circle once, as the way around it. */
function circles(files: Sources): string[] {
  const imports = new Map([...files].map(([file, source]) => [file, importsOf(file, source)]))
  const done = new Set<string>()
  const found: string[] = []
  function walk(file: string, way: readonly string[]): void {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(' > '))
    if (done.has(file) || way.includes(file)) return
    for (const target of imports.get(file) ?? []) walk(target, [...way, file])
    done.add(file)
  }
  for (const file of imports.keys()) walk(file, [])
  return found
}

describe('src', () => {
  test('has files, all in rooms of the table, that import only what the table allows', () => {
    expect(sources.size).toBeGreaterThan(20)
    expect(violations(sources)).toEqual([])
  })

  test('has no files that import each other in a circle', () => {
    expect(circles(sources)).toEqual([])
  })

  test('lets a window import the engine client without the engine', () => {
    expect(sources.has('host/engine-client.ts')).toBe(true)
    const ways = reached(sources, 'host/engine-client.ts')
    expect(ways.filter((way) => way.includes('> engine/') || way.includes('onnxruntime'))).toEqual([])
  })
})

describe('the check of imports', () => {
  test.each([
    ['a plain import', "import { a } from '../engine/a.ts'"],
    ['an import of a type', "import type { A } from '../engine/a.ts'"],
    ['an import for its effects', "import '../engine/a.ts'"],
    ['a dynamic import', "export const a = await import('../engine/a.ts')"],
    ['a dynamic import of a template', 'export const a = await import(`../engine/a.ts`)'],
    ['an import in a type', "export type A = import('../engine/a.ts').A"],
    ['a re-export', "export { a } from '../engine/a.ts'"],
    ['a re-export of a type', "export type { A } from '../engine/a.ts'"],
    ['a re-export of everything', "export * from '../engine/a.ts'"],
  ])('finds %s', (_, source) => {
    expect(check('raster/b.ts', source)).toEqual(['raster/b.ts imports engine/a.ts'])
  })

  test('passes what is allowed: the own room, rooms and packages of the table', () => {
    const lines = [
      "import '../a.ts'",
      "import '../../shared/b.ts'",
      "import 'node:fs'",
      "import '@bufbuild/protobuf/wire'",
    ]
    expect(check('engine/onnx/c.ts', lines.join('\n'))).toEqual([])
  })

  test('reads no imports out of comments and strings', () => {
    expect(check('shared/a.ts', `// import '../engine/a.ts'\nexport const a = "import '../engine/a.ts'"`)).toEqual([])
  })

  test('finds packages that are not in the table, under any name', () => {
    expect(check('shared/a.ts', "import 'node:fs'")).toHaveLength(1)
    expect(check('shared/a.ts', "import 'zod-extra'")).toHaveLength(1)
    expect(check('shared/a.ts', "import 'src/engine/a.ts'")).toHaveLength(1)
  })

  test('finds a computed import, which it cannot check', () => {
    expect(check('cli/a.ts', "export const a = (name: string) => import('./' + name)")).toHaveLength(1)
  })

  test('finds a package outside of the one file that may import it', () => {
    const source = "import type { Tensor } from 'onnxruntime-node'"
    expect(check('engine/runtime/session.ts', source)).toEqual([])
    expect(check('engine/runtime/other.ts', source)).toEqual(['engine/runtime/other.ts imports onnxruntime-node'])
  })

  test('allows a single path of a room where the table names one', () => {
    expect(check('preload/a.ts', "import '../shared/contract/b.ts'")).toEqual([])
    expect(check('preload/a.ts', "import '../shared/base/b.ts'")).toHaveLength(1)
    expect(check('backstage/a.ts', "import '../host/engine-client.ts'")).toEqual([])
    expect(check('backstage/a.ts', "import '../host/serve-engine.ts'")).toHaveLength(1)
  })

  test('finds a folder of src that is no room, and a file beside the rooms', () => {
    expect(check('attic/a.ts', '')).toEqual(['attic/a.ts is in no room of the table'])
    expect(check('toString/a.ts', '')).toHaveLength(1)
    expect(check('a.ts', '')).toHaveLength(1)
  })

  test('finds an import without its extension, which the walks would not follow', () => {
    const files = new Map([
      ['cli/a.ts', "import './b'"],
      ['cli/b.ts', ''],
    ])
    expect(violations(files)).toEqual(['cli/a.ts imports cli/b'])
  })

  test('follows imports of imports', () => {
    const files = new Map([
      ['a.ts', "import './b.ts'"],
      ['b.ts', "import type { C } from './c.ts'"],
      ['c.ts', "import './a.ts'"],
    ])
    expect(reached(files, 'a.ts')).toContain('a.ts > b.ts > c.ts')
    expect(circles(files)).toEqual(['a.ts > b.ts > c.ts > a.ts'])
  })
})
