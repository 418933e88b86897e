import { validate as isUuid } from 'uuid';

import { Refusal } from '../errors.js';
import type { ExportRequest } from './export.queries.js';
import type { ExportFormat } from './formats/format.js';
import { formats } from './formats/index.js';

/** The query string of an export, read strictly: what is not known is refused, not ignored. */
export interface ExportParameters {
  readonly request: ExportRequest;
  /** Left out: the cases. */
  readonly file: string | null;
  /** Go on after this case. */
  readonly after: string | undefined;
}

const known = ['format', 'snapshot', 'at', 'since', 'after', 'file'] as const;

export function parseExportParameters(dataset: string, query: Readonly<Record<string, unknown>>): ExportParameters {
  for (const [name, value] of Object.entries(query)) {
    if (!known.some((k) => k === name)) refuse(`"${name}" is not a parameter; there are ${known.join(', ')}.`);
    if (typeof value !== 'string') refuse(`"${name}" is given twice.`);
  }
  const text = (name: (typeof known)[number]) => (query[name] === undefined ? null : String(query[name]));
  const snapshot = text('snapshot');
  if (snapshot !== null && !/^[1-9]\d{0,8}$/.test(snapshot)) refuse('"snapshot" must be its number, from 1.');
  if (snapshot !== null && text('at') !== null) refuse('"snapshot" and "at" both say which state; give one of them.');
  const after = text('after');
  if (after !== null && !isUuid(after)) refuse('"after" must be the id of the last case that arrived.');
  const format = formatOf(text('format') ?? 'jsonl');
  if (after !== null && !format.caseId) refuse(`"after": a file of format ${format.name} cannot be gone on with.`);
  return {
    request: {
      dataset,
      format,
      snapshot: snapshot === null ? null : Number(snapshot),
      at: text('at'),
      since: text('since'),
    },
    file: text('file'),
    after: after ?? undefined,
  };
}

function formatOf(name: string): ExportFormat {
  return formats.get(name) ?? refuse(`There is no format "${name}"; there are ${[...formats.keys()].join(', ')}.`);
}

function refuse(message: string): never {
  throw new Refusal('INVALID_INPUT', message);
}
