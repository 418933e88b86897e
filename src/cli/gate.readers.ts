import { braintrust } from './gate.braintrust.js';
import { inspect } from './gate.inspect.js';
import { junit } from './gate.junit.js';
import { promptfoo } from './gate.promptfoo.js';
import type { ReadOptions, ResultsFile, ResultsReader, Run } from './gate.result.js';

/** Every kind of results that the gate reads, by name. The first that recognises a file reads it. */
export const readers: ReadonlyMap<string, ResultsReader> = new Map(
  [promptfoo, inspect, braintrust, junit].map((reader) => [reader.name, reader]),
);

/** What a results file says. Whatever is wrong with the file is a fault of the run: without results nothing was tried. */
export function readRun(
  text: string,
  readerName: string | null,
  options: ReadOptions,
): Run & { reader: string | null } {
  if (text.trim() === '') return { reader: null, results: [], faults: ['It is empty.'] };
  const file: ResultsFile = { text, values: valuesOf(text) };
  if (file.values?.length === 0) return { reader: null, results: [], faults: ['It holds no results.'] };
  const reader =
    readerName === null ? [...readers.values()].find((one) => one.recognises(file)) : readers.get(readerName);
  if (!reader || !reader.recognises(file)) return { reader: null, results: [], faults: [strangeness(file, reader)] };
  const { results, faults } = reader.read(file, options);
  const isBare = results.length === 0 && faults.length === 0;
  return { reader: reader.name, results, faults: isBare ? ['It holds no results.'] : faults };
}

function strangeness({ text, values }: ResultsFile, reader: ResultsReader | undefined): string {
  if (reader) return `It is not ${reader.reads}.`;
  if (values === null && /^\s*[{[]/.test(text))
    return 'It is JSON that ends or breaks in the middle: the run was cut off.';
  const known = [...readers.values()].map(({ reads }) => reads);
  return `It is none of ${known.join(', ')}.`;
}

/** One JSON value, or one on each line; null for anything else. A JSON array is its elements. */
function valuesOf(text: string): readonly unknown[] | null {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (!/^[{[]/.test(trimmed)) return null;
  const whole = parsed(trimmed);
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole];
  const lines = trimmed.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map(parsed);
  return values.includes(undefined) ? null : values;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return parsedFromPython(text);
  }
}

/** Python writes NaN and Infinity for numbers that JSON does not have; outside of strings they are read as null. */
function parsedFromPython(text: string): unknown {
  const plain = text.replace(
    /("[^"\\]*(?:\\.[^"\\]*)*")|-?\b(?:NaN|Infinity)\b/g,
    (_, string?: string) => string ?? 'null',
  );
  if (plain === text) return undefined;
  try {
    return JSON.parse(plain) as unknown;
  } catch {
    return undefined;
  }
}
