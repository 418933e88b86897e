import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { test } from 'vitest';

import type { ExportFormat, StoredCase } from '../../src/dataset/formats/format.js';
import { formats } from '../../src/dataset/formats/index.js';
import { formatCases } from '../support/format-cases.js';
import { written } from '../support/format-files.js';
import { hostileCases } from '../support/hostile-cases.js';

const out = process.env.COUNTERSIGN_PYTHON_EXPORTS;

/** Not a test: writes every format for Python's loaders, see run.sh. */
test.runIf(out)('writes the exports', async () => {
  const cases = [...formatCases, ...hostileCases(100)];
  for (const format of formats.values()) await write(format.name, format, cases);
  const onlyTest = cases.filter(({ split }) => split === 'test');
  await write('huggingface-one-split', formats.get('huggingface')!, onlyTest);
});

async function write(name: string, format: ExportFormat, cases: readonly StoredCase[]): Promise<void> {
  const folder = join(out!, name);
  await mkdir(folder, { recursive: true });
  const { files, manifest } = await written(format, cases, 100);
  for (const [path, content] of files) await writeFile(join(folder, path), content);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}
