import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';

import { parquetFrame } from '../src/dataset/formats/huggingface.parquet.js';
import { formats } from '../src/dataset/formats/index.js';
import { madeUpCase } from './support/made-up-cases.js';
import { info } from './support/format-files.js';

const format = formats.get('huggingface')!;
const encoded = format.encode(madeUpCase(1, { input: 'a question', output: 'x', expected: 'y' }), info);
const line = 'line' in encoded ? encoded.line : '';

function fileOf(lines: readonly string[], pageSize: number): { file: ArrayBuffer } {
  const frame = parquetFrame();
  const pieces = [frame.start()];
  for (let i = 0; i < lines.length; i += pageSize) pieces.push(frame.add(lines.slice(i, i + pageSize)));
  pieces.push(frame.end());
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return { file };
}

test('a large file is written group by group, and the groups do not depend on how rows arrive', async () => {
  const lines = Array.from({ length: 25_001 }, (_, i) => line.replace('"a question"', `"question ${i}"`));
  const { file } = fileOf(lines, 1_000);
  const metadata = await parquetMetadataAsync({
    slice: (from, to) => file.slice(from, to),
    byteLength: file.byteLength,
  });
  expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([10_000, 10_000, 5_001]);
  expect(Buffer.from(fileOf(lines, 777).file).equals(Buffer.from(file))).toBe(true);
  const rows = await parquetReadObjects({ file });
  expect(rows.map(({ input }) => input)).toEqual(lines.map((_, i) => `question ${i}`));
});

test('long texts end a group before it grows', async () => {
  const long = line.replace('"a question"', JSON.stringify('lorem ipsum '.repeat(80_000)));
  const { file } = fileOf(
    Array.from({ length: 30 }, () => long),
    10,
  );
  const metadata = await parquetMetadataAsync({
    slice: (from, to) => file.slice(from, to),
    byteLength: file.byteLength,
  });
  expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([9, 9, 9, 3]);
});

test('a file without rows is a file', async () => {
  expect(await parquetReadObjects({ file: fileOf([], 1).file })).toEqual([]);
});

test('the card names the splits that have cases, and no others', () => {
  const card = (rows: [string, number][]) => format.files(info, new Map(rows))[0]!.content;
  expect(card([['test.parquet', 3]])).toContain(
    '    data_files:\n      - split: test\n        path: test.parquet\ndataset_info',
  );
  expect(card([['test.parquet', 0]])).toContain('    data_files: []\ndataset_info');
});
