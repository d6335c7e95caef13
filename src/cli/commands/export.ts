/** `paella export`: a document of the studio, or any OpenRaster file, flattened into a picture file, as the studio exports it. */
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import type { ExportOptions } from '../export.ts'
import { integerOption } from '../options.ts'
import { addExamples } from '../shared-options.ts'

export function addExport(program: Command, cli: Cli): void {
  const command = program
    .command('export')
    .summary('flatten a document into a picture')
    .description('Flattens a document (OpenRaster, .ora) into a picture, as it looks in the studio.')
    .argument('<DOCUMENT.ora>', 'the document')
    .requiredOption('--out <FILE>', 'the picture, replaced if it exists: .png, .jpg or .webp')
    .option(
      '--quality <N>',
      'of JPEG (default: 90) and of WebP (default: nothing is lost)',
      integerOption('--quality', 1, 100),
    )
    .option('--json', 'one JSON object a line on stdout for all that happens')
    .option('--quiet', 'no progress; warnings and errors still show')
    .option('--verbose', "the engine's log, and the details of an error")
    .action(async (document: string, options: ExportOptions) => {
      // Loaded here: it reads zips and checks documents, which the other commands must not wait for.
      const { runExport } = await import('../export.ts')
      await runExport(cli, document, options)
    })
  addExamples(command, [
    'export drawing.ora --out drawing.png',
    'export drawing.ora --out small.jpg --quality 80',
    'export from-krita.ora --out picture.webp --json',
  ])
}
