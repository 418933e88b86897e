import { ByteWriter, ParquetWriter } from 'hyparquet-writer';

import type { Frame } from './frame.js';

/** A row group ends with whichever comes first; only one is in memory. They do not depend on how rows arrive. */
const GROUP_ROWS = 10_000;
const GROUP_CHARACTERS = 8 * 1024 * 1024;

/** Null only where something may be absent, which an empty text does not say. */
export interface Row {
  readonly case_id: string;
  readonly revision: number;
  readonly content_hash: string;
  readonly verdict: string;
  readonly group_key: string;
  readonly input_kind: string;
  readonly input: string;
  readonly expected_kind: string | null;
  readonly expected: string | null;
  readonly observed_kind: string;
  readonly observed: string;
  readonly context_json: string | null;
  readonly tags_json: string;
  readonly record_json: string;
}

const text = (name: keyof Row, isOptional = false) => ({
  name,
  type: 'BYTE_ARRAY' as const,
  converted_type: 'UTF8' as const,
  repetition_type: isOptional ? ('OPTIONAL' as const) : ('REQUIRED' as const),
});

const columns = [
  text('case_id'),
  { name: 'revision' as const, type: 'INT32' as const, repetition_type: 'REQUIRED' as const },
  text('content_hash'),
  text('verdict'),
  text('group_key'),
  text('input_kind'),
  text('input'),
  text('expected_kind', true),
  text('expected', true),
  text('observed_kind'),
  text('observed'),
  text('context_json', true),
  text('tags_json'),
  text('record_json'),
];

export const columnNames: readonly string[] = columns.map(({ name }) => name);

/** A Parquet file of lines that are rows as JSON. */
export function parquetFrame(): Frame {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: columns.length }, ...columns],
    statistics: false,
    createdBy: 'countersign',
  });
  let group: Row[] = [];
  let characters = 0;

  const flush = () => {
    if (group.length === 0) return;
    const columnData = columns.map(({ name }) => ({ name, data: group.map((row) => row[name]), offsetIndex: false }));
    void writer.write({ columnData, rowGroupSize: group.length });
    group = [];
    characters = 0;
  };
  const taken = () => {
    const piece = bytes.getBytes().slice();
    bytes.index = 0;
    return piece;
  };

  return {
    start: taken,
    add: (lines) => {
      for (const line of lines) {
        group.push(JSON.parse(line) as Row);
        characters += line.length;
        if (group.length === GROUP_ROWS || characters >= GROUP_CHARACTERS) flush();
      }
      return taken();
    },
    end: () => {
      flush();
      void writer.finish();
      return taken();
    },
  };
}
