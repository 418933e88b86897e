import { createHash } from 'node:crypto';

import { MappingError, parsePath, type Steps, valueAt } from './flag.path.js';
import { builtinSignals, textOf } from './signals.js';

type Source =
  | { readonly steps: Steps; readonly path: string }
  | { readonly constant: string }
  | { readonly computed: '#line' | '#hash' };
type FlagFields = Record<string, unknown>;

type Kind = 'text' | 'json' | 'values' | 'texts' | 'number' | 'risk';

const KINDS: Readonly<Record<string, Kind>> = {
  externalId: 'text',
  queue: 'text',
  source: 'text',
  'model.name': 'text',
  'model.version': 'text',
  'prompt.name': 'text',
  'prompt.version': 'text',
  input: 'json',
  output: 'json',
  context: 'values',
  confidence: 'number',
  risk: 'risk',
  reasons: 'texts',
  tags: 'texts',
  metadata: 'json',
  groupKey: 'text',
  traceId: 'text',
  priority: 'number',
  dueAt: 'text',
};
const REQUIRED = ['externalId', 'source', 'input', 'output'];
const INPUT_FIELDS = new Set([...Object.keys(KINDS).map((field) => field.split('.')[0]), 'signals']);

interface Mapped {
  readonly field: string;
  readonly kind: Kind;
  readonly from: Source;
}

export interface ParsedLine {
  readonly value: unknown;
  readonly text: string;
  /** The file's name and the line's number. */
  readonly place: string;
}

export interface MappingOptions {
  /** `field=path`, as written. None: a line is the input itself. */
  readonly maps: readonly string[];
  /** `name=builtin`. */
  readonly signals: readonly string[];
  readonly queue?: string;
}

/**
 * Makes a FlagOutputInput of each line. Written as `field=path`: the field may be `signals.NAME`, `input.KEY`,
 * `output.KEY`, `metadata.KEY`, `model.name` …; the path is `$.a.b[0]`, `a.b[0]` or `a["odd key"]`; `:text` is a
 * constant; `#line` is the file's name with the line's number and `#hash` a hash of the line, for files without ids of
 * their own. A field that is mapped several times (tags, reasons, context) gathers the values.
 */
export class Mapping {
  private readonly mapped: readonly Mapped[];
  private readonly builtins: readonly { readonly name: string; readonly builtin: string }[];

  constructor(private readonly options: MappingOptions) {
    this.mapped = options.maps.map(readMapping);
    this.builtins = options.signals.map(readSignal);
    const fields = new Set(this.mapped.map(({ field }) => field.split('.')[0]));
    const missing = REQUIRED.filter((field) => !fields.has(field));
    if (this.mapped.length > 0 && missing.length > 0) {
      throw new MappingError(`--map is missing for ${missing.join(', ')}; for example --map ${missing[0]}=$.path`);
    }
  }

  /** The places of a line whose values go in as JSON, and so must be exact; null for all of it. */
  get jsonPaths(): readonly Steps[] | null {
    if (this.mapped.length === 0) return null;
    return this.mapped.flatMap(({ kind, from }) =>
      (kind === 'json' || kind === 'values') && 'steps' in from ? [from.steps] : [],
    );
  }

  apply(line: ParsedLine): FlagFields {
    const input = this.mapped.length === 0 ? asItIs(line.value) : this.map(line);
    if (this.options.queue !== undefined) input.queue = this.options.queue;
    if (this.builtins.length > 0) {
      const texts = { input: textOf([input.input, input.context]), output: textOf(input.output) };
      const measured = this.builtins.map(({ name, builtin }) => {
        return { name, value: builtinSignals[builtin]!.measure(texts) };
      });
      input.signals = [...((input.signals as object[] | undefined) ?? []), ...measured];
    }
    return input;
  }

  private map(line: ParsedLine): FlagFields {
    const input: FlagFields = {};
    for (const { field, kind, from } of this.mapped) {
      const found = valueFrom(from, kind, line);
      if (found === undefined || found === null) {
        const isRequired = REQUIRED.includes(field);
        if (isRequired) throw new MappingError(`${field}: there is nothing at ${'path' in from ? from.path : '""'}`);
        continue;
      }
      put(input, field, kind, convert(field, kind, found));
    }
    for (const field of ['model', 'prompt']) {
      const ref = input[field] as Record<string, unknown> | undefined;
      if (ref && (ref.name === undefined || ref.version === undefined)) {
        throw new MappingError(`${field} needs a name and a version`);
      }
    }
    return input;
  }
}

function asItIs(line: unknown): FlagFields {
  if (typeof line !== 'object' || line === null || Array.isArray(line)) {
    throw new MappingError('without --map a line must be a JSON object with the fields of FlagOutputInput');
  }
  const unknown = Object.keys(line).filter((field) => !INPUT_FIELDS.has(field));
  if (unknown.length > 0) throw new MappingError(`unknown field ${unknown[0]}; map the file's fields with --map`);
  return { ...line };
}

function readMapping(text: string): Mapped {
  const at = text.indexOf('=');
  const field = text.slice(0, at);
  const from = text.slice(at + 1);
  if (at < 1 || from === '') throw new MappingError(`--map ${text}: write field=path, or field=:constant`);
  return { field, kind: kindOf(field), from: readSource(from) };
}

function kindOf(field: string): Kind {
  const kind = KINDS[field];
  if (kind) return kind;
  const [head = '', name = ''] = split(field);
  if (name !== '' && name !== '__proto__') {
    if (head === 'signals') return 'number';
    if (['input', 'output', 'metadata'].includes(head)) return 'json';
  }
  const known = [...Object.keys(KINDS), 'signals.NAME', 'input.KEY', 'output.KEY', 'metadata.KEY'].join(', ');
  throw new MappingError(`--map ${field}: there is no such field; there are ${known}`);
}

function split(field: string): [string, string] {
  const dot = field.indexOf('.');
  return dot < 0 ? [field, ''] : [field.slice(0, dot), field.slice(dot + 1)];
}

function readSource(from: string): Source {
  if (from === '#line' || from === '#hash') return { computed: from };
  return from.startsWith(':') ? { constant: from.slice(1) } : { steps: parsePath(from), path: from };
}

function valueFrom(from: Source, kind: Kind, line: ParsedLine): unknown {
  if ('steps' in from) return valueAt(line.value, from.steps);
  if ('constant' in from) return constantOf(kind, from.constant);
  return from.computed === '#line' ? line.place : createHash('sha256').update(line.text).digest('hex').slice(0, 32);
}

/** Text where text is meant; otherwise what JSON makes of it, or the text itself. */
function constantOf(kind: Kind, constant: string): unknown {
  if (kind === 'text' || kind === 'texts' || kind === 'risk') return constant;
  try {
    return JSON.parse(constant) as unknown;
  } catch {
    return constant;
  }
}

function convert(field: string, kind: Kind, value: unknown): unknown {
  switch (kind) {
    case 'text':
      return textFrom(field, value);
    case 'risk':
      return textFrom(field, value).toUpperCase();
    case 'texts':
      return (Array.isArray(value) ? value : [value]).map((one) => textFrom(field, one));
    case 'values':
      return Array.isArray(value) ? value : [value];
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number === 'number' && Number.isFinite(number)) return number;
      throw new MappingError(`${field} must be a number; it is ${JSON.stringify(value)?.slice(0, 60)}`);
    }
    case 'json':
      return value;
  }
}

function textFrom(field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new MappingError(`${field} must be text; it is ${Array.isArray(value) ? 'a list' : 'an object'}`);
}

function put(input: FlagFields, field: string, kind: Kind, value: unknown): void {
  const [head, name] = split(field);
  if (head === 'signals') {
    input.signals = [...((input.signals as object[] | undefined) ?? []), { name, value }];
  } else if (name !== '') {
    const inside = (input[head] as Record<string, unknown> | undefined) ?? {};
    inside[name] = value;
    input[head] = inside;
  } else if (kind === 'texts' || kind === 'values') {
    input[head] = [...((input[head] as unknown[] | undefined) ?? []), ...(value as unknown[])];
  } else {
    input[head] = value;
  }
}

function readSignal(text: string): { name: string; builtin: string } {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const builtin = at < 0 ? text : text.slice(at + 1);
  if (!Object.hasOwn(builtinSignals, builtin) || name === '') {
    throw new MappingError(
      `--signal ${text}: there is no such signal; there are ${Object.keys(builtinSignals).join(', ')}`,
    );
  }
  return { name, builtin };
}
