import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects, type ParquetParsers } from 'hyparquet';
import { validate as isUuid, version } from 'uuid';
import { expect } from 'vitest';

import type { ManifestRow } from './format-files.js';

/**
 * Reads an export back as strictly as its suite does, by the suite's documented rules and not by our code. What comes
 * out is as much of the canonical record as the format keeps.
 */
export type Reader = (
  files: ReadonlyMap<string, Buffer>,
  rows: readonly ManifestRow[],
) => Promise<Record<string, any>[]> | Record<string, any>[];

// Left to itself, hyparquet drops a byte order mark at the start of a text.
const parsers: Partial<ParquetParsers> = {
  stringFromBytes: (bytes) => bytes && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
};

const apart: Readonly<Record<string, Reader>> = {
  inspect: (files) => {
    const samples = jsonLines(files.get('cases.jsonl'));
    expect(new Set(samples.map(({ id }) => String(id))).size).toBe(samples.length);
    return samples.map(({ id, input, target, metadata, ...rest }) => {
      expect(rest).toEqual({});
      expect(metadata.assertions).not.toHaveLength(0);
      const targets: string[] = [target ?? []].flat();
      for (const text of targets) expect(text).toMatch(/[^]/);
      const alternatives: any[] = metadata.alternatives ?? [];
      expect(alternatives.map((one, i) => content(one.kind, targets[i + 1]!))).toEqual(alternatives);
      expect(Array.isArray(target)).toBe(alternatives.length > 0);
      expect(input).not.toHaveLength(0);
      if (typeof input !== 'string') messages(input, ['system', 'user', 'assistant', 'tool']);
      expect(metadata.case_id).toBe(id);
      const value =
        typeof input === 'string' ? content(metadata.input_kind, input) : { kind: 'messages', messages: input };
      return record(
        metadata,
        value,
        targets[0] === undefined ? undefined : content(metadata.expected_kind, targets[0]),
      );
    });
  },
  deepeval: (files) => {
    const goldens = JSON.parse(files.get('goldens.json')!.toString()) as Record<string, any>[];
    return goldens.map((golden) => {
      const { input, expected_output: expected, retrieval_context: passages = [], name, ...rest } = golden;
      expect(Object.keys(rest)).toEqual(['additional_metadata']);
      for (const text of [input, expected ?? '', name, ...passages]) {
        expect(typeof text).toBe('string');
        expect(text).not.toContain('[DEEPEVAL:');
        expect(text).not.toMatch(/^deepeval_source=/);
      }
      const metadata = rest.additional_metadata;
      expect(metadata.case_id).toBe(name);
      const context = (metadata.context ?? []) as unknown[];
      expect(passages).toEqual(
        context.map((passage) => (typeof passage === 'string' ? passage : JSON.stringify(passage))),
      );
      return record(
        metadata,
        content(metadata.input_kind, input),
        expected === undefined ? undefined : content(metadata.expected_kind, expected),
      );
    });
  },
  ragas: (files, rows) => {
    const single = jsonLines(files.get('single_turn.jsonl')).map(({ user_input: input, reference, ...rest }, i) => {
      const { retrieved_contexts: context, ...others } = rest;
      expect(others).toEqual({});
      expect([typeof input, typeof reference]).toEqual(['string', 'string']);
      for (const passage of context ?? []) expect(typeof passage).toBe('string');
      const id = idOf(rows, 'single_turn.jsonl', i);
      return { id, input: text(input), expected: text(reference), ...(context && { context }) };
    });
    const types: Record<string, string> = { human: 'user', ai: 'assistant' };
    const multi = jsonLines(files.get('multi_turn.jsonl')).map(({ user_input: input, reference, ...rest }, i) => {
      expect(rest).toEqual({});
      const turns = input.map(({ type, content: said, ...others }: any) => {
        expect(others).toEqual({});
        return { role: types[type], content: said };
      });
      messages(turns, ['user', 'assistant']);
      const id = idOf(rows, 'multi_turn.jsonl', i);
      return { id, input: { kind: 'messages', messages: turns }, expected: text(reference) };
    });
    return [...single, ...multi];
  },
  braintrust: (files) =>
    jsonLines(files.get('records.jsonl')).map(({ id, input, expected, metadata, tags, ...rest }) => {
      expect(rest).toEqual({});
      expect([id, [...new Set(tags)], new Set(metadata.tags)]).toEqual([metadata.case_id, tags, new Set(tags)]);
      expect(input).not.toBeNull();
      expect(expected).not.toBeNull();
      return record(metadata, value(metadata.input_kind, input), value(metadata.expected_kind, expected));
    }),
  langsmith: (files) =>
    jsonLines(files.get('examples.jsonl')).map(({ id, inputs, outputs, metadata, split, ...rest }) => {
      expect(rest).toEqual({});
      expect([isUuid(id), id, split]).toEqual([true, metadata.case_id, metadata.split]);
      if (outputs) expect(Object.keys(outputs)).toEqual(['expected']);
      return record(
        { ...metadata, ...(inputs.context && { context: inputs.context }) },
        value(metadata.input_kind, inputs.input),
        value(metadata.expected_kind, outputs?.expected),
      );
    }),
  langfuse: (files) =>
    jsonLines(files.get('items.jsonl')).map((item) => {
      const { datasetName, id, input, expectedOutput, metadata, sourceTraceId, status, ...rest } = item;
      expect(rest).toEqual({});
      expect([id, status]).toEqual([`${datasetName}/${metadata.case_id}`, 'ACTIVE']);
      expect(sourceTraceId).toBe(metadata.provenance.trace_id);
      expect(JSON.stringify(item)).not.toContain('@@@langfuseMedia');
      expect(JSON.stringify(item).length).toBeLessThan(4_500_000);
      expect(expectedOutput === null).toBe(metadata.expected_kind === undefined);
      return record(
        metadata,
        value(metadata.input_kind, input),
        value(metadata.expected_kind, expectedOutput ?? undefined),
      );
    }),
  phoenix: (files) =>
    jsonLines(files.get('examples.jsonl')).map(({ id, input, output, metadata, splits, ...rest }) => {
      expect(rest).toEqual({});
      expect([id, splits]).toEqual([metadata.case_id, [metadata.split]]);
      return record(
        { ...metadata, ...(input.context && { context: input.context }) },
        value(metadata.input_kind, input.input),
        value(metadata.expected_kind, output === null ? undefined : output.expected),
      );
    }),
  mlflow: (files) => {
    const records = jsonLines(files.get('records.jsonl'));
    expect(new Set(records.map(({ inputs }) => JSON.stringify(inputs))).size).toBe(records.length);
    return records.map(({ inputs, expectations, tags, source, ...rest }) => {
      expect(rest).toEqual({});
      expect([source.source_type, inputs.case_id]).toEqual(['HUMAN', tags.case_id]);
      const fields = strings({ ...tags, ...(inputs.context && { context_json: JSON.stringify(inputs.context) }) });
      const wanted = expectations && content(tags.expected_kind, expectations.expected_response);
      return { ...fields, input: value(tags.input_kind, inputs.input), ...(wanted && { expected: wanted }) };
    });
  },
  opik: (files) =>
    jsonLines(files.get('items.jsonl')).map(({ id, source, data, tags, ...rest }) => {
      expect(rest).toEqual({});
      const { input, expected_output: expected, context, metadata } = data;
      expect([version(id), id, source]).toEqual([7, metadata.case_id, 'manual']);
      expect(new Set(tags)).toEqual(new Set(metadata.tags));
      return record(
        { ...metadata, ...(context && { context }) },
        value(metadata.input_kind, input),
        value(metadata.expected_kind, expected),
      );
    }),
  openai: (files) => {
    const isItem = new Ajv2020().compile(JSON.parse(files.get('item_schema.json')!.toString()));
    return jsonLines(files.get('items.jsonl')).map(({ item, ...rest }) => {
      expect(rest).toEqual({});
      expect(isItem(item), JSON.stringify(isItem.errors)).toBe(true);
      const { input, expected, ...fields } = item;
      return {
        ...strings(fields),
        input: content(item.input_kind, input),
        expected: content(item.expected_kind, expected),
      };
    });
  },
  sft: (files, rows) =>
    jsonLines(files.get('train.jsonl')).map(({ messages: all, ...rest }, i) => {
      expect(rest).toEqual({});
      const [last, ...earlier] = [...all].reverse();
      messages([last], ['assistant']);
      const prompt = earlier.reverse().map(({ weight, ...message }: any) => {
        expect(weight).toBe(message.role === 'assistant' ? 0 : undefined);
        return message;
      });
      return { id: rows[i]!.case_id, input: prompted(prompt), expected: text(last.content) };
    }),
  dpo: (files, rows) =>
    jsonLines(files.get('train.jsonl')).map(
      ({ input, preferred_output: good, non_preferred_output: bad, ...rest }, i) => {
        expect(rest).toEqual({});
        return pair(rows[i]!.case_id, input.messages, good, bad);
      },
    ),
  'trl-preference': (files, rows) =>
    jsonLines(files.get('train.jsonl')).map(({ prompt, chosen, rejected, ...rest }, i) => {
      expect(rest).toEqual({});
      return pair(rows[i]!.case_id, prompt, chosen, rejected);
    }),
  'trl-kto': (files, rows) =>
    jsonLines(files.get('train.jsonl')).map(({ prompt, completion, label, ...rest }, i) => {
      expect(rest).toEqual({});
      messages(completion, ['assistant']);
      const verdict = label ? 'CONFIRMED' : 'REJECTED';
      return { id: rows[i]!.case_id, input: prompted(prompt), observed: text(completion[0].content), verdict };
    }),
  huggingface: async (files) => {
    const all: Record<string, any>[] = [];
    for (const split of ['train', 'validation', 'test']) {
      const { buffer, byteOffset, byteLength } = files.get(`${split}.parquet`)!;
      const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
      for (const row of await parquetReadObjects({ file, parsers })) {
        const { case_id: id, input, expected, observed, tags_json: tags, ...fields } = row;
        const wanted = expected === null ? undefined : content(fields.expected_kind, expected);
        all.push({
          id,
          revision: fields.revision,
          content_hash: fields.content_hash,
          verdict: fields.verdict,
          split,
          group_key: fields.group_key,
          input: content(fields.input_kind, input),
          ...(wanted && { expected: wanted }),
          ...(fields.context_json !== null && { context: JSON.parse(fields.context_json) }),
          observed: content(fields.observed_kind, observed),
          tags: JSON.parse(tags),
          ...JSON.parse(fields.record_json),
        });
      }
    }
    return all;
  },
  'csv-exact': (files) =>
    csvRows(files.get('cases-exact.csv')).map(({ input, expected, expected_kind: kind, ...fields }) => ({
      ...strings(fields),
      input: content(fields.input_kind ?? '', input ?? ''),
      ...(kind && { expected: content(kind, expected ?? '') }),
    })),
};

/** What is right as well stands with the rest, and belongs to the expected output. */
export const readers: Readonly<Record<string, Reader>> = Object.fromEntries(
  Object.entries(apart).map(([name, read]): [string, Reader] => [
    name,
    async (...args) => (await read(...args)).map(withAlternatives),
  ]),
);

export function withAlternatives({ alternatives, ...rest }: Record<string, any>): Record<string, any> {
  return alternatives ? { ...rest, expected: { ...rest.expected, alternatives } } : rest;
}

/** JSON Lines as the strictest reader takes them: UTF-8, `\n`, no blank line, no other line end that Python knows. */
export function jsonLines(file: Buffer | undefined): Record<string, any>[] {
  const read = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file);
  // oxlint-disable-next-line no-control-regex
  const lines = read.split(/\r\n|[\n\r\v\f\x1c-\x1e\u0085\u2028\u2029]/);
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line));
}

/** Rows by column, by csv-parse at its strictest. */
export function csvRows(file: Buffer | undefined): Record<string, string>[] {
  return parse(file!, { columns: true, record_delimiter: '\r\n', relax_quotes: false, relax_column_count: false });
}

function text(value: unknown): object {
  expect(typeof value).toBe('string');
  return { kind: 'text', text: value };
}

/** From text and kind. */
function content(kind: string, value: string): object {
  expect(typeof value).toBe('string');
  if (kind === 'text') return { kind, text: value };
  expect(['messages', 'json']).toContain(kind);
  return kind === 'messages' ? { kind, messages: JSON.parse(value) } : { kind, value: JSON.parse(value) };
}

/** From a value and its kind; undefined stays. */
function value(kind: string | undefined, is: unknown): object | undefined {
  if (is === undefined || kind === undefined) {
    expect([is, kind]).toEqual([undefined, undefined]);
    return undefined;
  }
  if (kind === 'text') return text(is);
  return kind === 'messages' ? { kind, messages: is } : { kind, value: is };
}

function messages(list: any, roles: readonly string[]): void {
  expect(list.length).toBeGreaterThan(0);
  for (const message of list) {
    expect(Object.keys(message)).toEqual(['role', 'content']);
    expect(roles).toContain(message.role);
    expect(typeof message.content).toBe('string');
  }
}

/** A text stands as one message of the user. */
function prompted(prompt: any): object {
  messages(prompt, ['system', 'user', 'assistant']);
  return { kind: 'prompt', messages: prompt };
}

function pair(id: string, prompt: any, good: any, bad: any): object {
  messages(good, ['assistant']);
  messages(bad, ['assistant']);
  expect([good.length, bad.length]).toEqual([1, 1]);
  expect(good[0].content).not.toBe(bad[0].content);
  return { id, input: prompted(prompt), expected: text(good[0].content), observed: text(bad[0].content) };
}

function record(metadata: any, input: object | undefined, expected: object | undefined): Record<string, any> {
  const { case_id: id, input_kind: _i, expected_kind: _e, observed_kind: kind, observed, ...rest } = metadata;
  return { id, ...rest, input, ...(expected && { expected }), observed: value(kind, observed) };
}

/** The metadata of formats that keep strings only. */
function strings(fields: Record<string, string>): Record<string, any> {
  for (const field of Object.values(fields)) expect(typeof field).toBe('string');
  const { case_id: id, revision, content_hash, split, verdict, context_json: context } = fields;
  const { observed = '', observed_kind: kind = '', record_json: rest = '' } = fields;
  return {
    id,
    revision: Number(revision),
    content_hash,
    split,
    verdict,
    observed: content(kind, observed),
    ...(context && { context: JSON.parse(context) }),
    ...JSON.parse(rest),
  };
}

function idOf(rows: readonly ManifestRow[], file: string, index: number): string {
  return rows.find((row) => row.file === file && row.row === index + 1)!.case_id;
}
