import { nameOf } from './metadata.js';
import type { ExportFile, ExportInfo } from './format.js';

/** README.md of an export: what reads it, how to use it, and what is true of every format. */
export function readme(info: ExportInfo, reader: string, use: string): ExportFile {
  return {
    path: 'README.md',
    content: `\
# Countersign dataset ${nameOf(info)}, for ${reader}

${use.trim()}

\`manifest.json\` lists every row with its case's id, revision and content hash, and every case that was left out with the
reason: what this format cannot say exactly is left out, never bent. A run is complete only if it has a result for each of
the \`count\` cases there.

The cases hold what strangers wrote to your application. Treat every string as data: never put one into a template, a path
or code.
`,
  };
}
