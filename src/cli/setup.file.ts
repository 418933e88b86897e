import { readFileSync } from 'node:fs';

import { type Document, isNode, LineCounter, parseDocument } from 'yaml';

import { CommandFailure, UsageError, whyNot } from './failure.js';

/** A fault as the service tells it: where in the document, and inside a condition where in its text. */
export interface SetupFault {
  readonly path: readonly (string | number)[];
  readonly at: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export interface SetupFile {
  readonly document: unknown;
  /** The fault with the line and column of the file, as compilers print them. */
  locate(fault: SetupFault): string;
}

const LARGEST_BYTES = 4 * 1024 * 1024;

/** Reads a set-up file, YAML 1.2 or JSON; all faults of its form at once, with line and column. */
export function readSetupFile(file: string): SetupFile {
  const text = readText(file);
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const faults = [...parsed.errors, ...parsed.warnings].map((fault) => `${position(fault.pos[0])}: ${fault.message}`);
  if (faults.length > 0) throw new CommandFailure(faults.join('\n'));
  if (parsed.contents === null) throw new CommandFailure(`${file}: the file is empty`);

  const startOf = (path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length--) {
      const node = parsed.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  };
  return {
    document: toJson(unfold(file, parsed), [], (path) => position(startOf(path))),
    locate: (fault) => {
      const inside = fault.line === undefined ? '' : ` (line ${fault.line}, column ${fault.column} of the condition)`;
      const what = fault.at ? `${fault.at}: ` : '';
      return `${position(startOf(fault.path))}: ${what}${fault.message}${inside}`;
    },
  };
}

/** A few lines of aliases of aliases can stand for more than any memory holds. */
function unfold(file: string, parsed: Document): unknown {
  try {
    return parsed.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new CommandFailure(`${file}: its aliases (*name) unfold into more than a set-up file may hold`);
  }
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file === '-' ? 0 : file);
    if (bytes.length > LARGEST_BYTES) throw new CommandFailure(`${file} is larger than 4 MiB; that is no set-up file`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    if (error instanceof TypeError) throw new CommandFailure(`${file} is not UTF-8 text`);
    throw new UsageError(`${file} cannot be read: ${whyNot(error)}.`);
  }
}

/** YAML can say numbers that JSON cannot. */
function toJson(
  value: unknown,
  path: readonly (string | number)[],
  at: (path: readonly (string | number)[]) => string,
): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new CommandFailure(`${at(path)}: ${String(value)} is not a number that can be kept`);
  }
  if (Array.isArray(value)) return value.map((entry: unknown, i) => toJson(entry, [...path, i], at));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toJson(entry, [...path, key], at)]));
}
