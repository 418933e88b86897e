import { expect, test } from 'vitest';

import { formats } from '../src/dataset/formats/index.js';
import { formatCases } from './support/format-cases.js';
import { written } from './support/format-files.js';
import { csvRows } from './support/format-readers.js';
import { hostileCases } from './support/hostile-cases.js';

const cases = [...formatCases, ...hostileCases(100)];

async function cellsOf(format: string, file: string): Promise<Map<string, Record<string, string>>> {
  const { files } = await written(formats.get(format)!, cases);
  return new Map(csvRows(files.get(file)).map((row) => [row.case_id!, row]));
}

test('no cell of the CSV for spreadsheets can be taken for a formula', async () => {
  for (const row of (await cellsOf('csv', 'cases.csv')).values()) {
    for (const cell of Object.values(row)) {
      expect(cell.trimStart()).not.toMatch(/^[=+\-@\uff1d\uff0b\uff0d\uff20]/);
      expect(cell).not.toMatch(/^[\t\r\n]/);
      expect(cell.length).toBeLessThan(32_769);
    }
  }
});

test('the CSV for spreadsheets differs from the exact one by apostrophes in front, and nothing else', async () => {
  const [safe, exact] = await Promise.all([cellsOf('csv', 'cases.csv'), cellsOf('csv-exact', 'cases-exact.csv')]);
  let marked = 0;
  for (const [id, row] of safe) {
    for (const column of ['input', 'expected', 'observed', 'input_kind', 'expected_kind', 'context_json'] as const) {
      const original = exact.get(id)![column]!;
      expect([original, `'${original}`]).toContain(row[column]);
      if (row[column] !== original) marked += 1;
    }
  }
  expect(marked).toBeGreaterThan(20);
});

test('what is too long for a cell is listed, not cut', async () => {
  const { manifest } = await written(formats.get('csv')!, cases);
  const skipped = new Map(manifest.skipped.map(({ case_id: id, reason }) => [id, reason]));
  expect(skipped.size).toBeGreaterThan(0);
  for (const { id, record } of cases) {
    if (record === null) continue;
    const { input, expected, observed } = JSON.parse(record);
    const isLong = [input, expected, observed].some((content) => (content?.text?.length ?? 0) > 32_767);
    if (isLong) expect(skipped.get(id)).toMatch(/32,767/);
  }
});
