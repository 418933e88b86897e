import { assertionKinds, recordSchema } from '../eval-case.record.js';

const text = { type: 'string' };
const uuid = { type: 'string', pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' };
const verdict = { enum: ['CONFIRMED', 'CORRECTED', 'REJECTED'] };
const instant = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' };
const versionRef = exactly({ name: text, version: text });

/** An object with these properties and no others; those named in `optional` may be absent. */
function exactly(properties: Record<string, object | true>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

const messages = {
  type: 'array',
  minItems: 1,
  items: exactly({ role: { enum: ['system', 'developer', 'user', 'assistant', 'tool'] }, content: text }),
};

/** A text, messages or JSON, with further properties that may be absent. */
function contentWith(further: Record<string, object>): object {
  const optional = Object.keys(further);
  return {
    oneOf: [
      exactly({ kind: { const: 'text' }, text, ...further }, optional),
      exactly({ kind: { const: 'messages' }, messages, ...further }, optional),
      exactly({ kind: { const: 'json' }, value: true, ...further }, optional),
    ],
  };
}

const content = contentWith({});
const alternatives = { type: 'array', minItems: 1, items: { $ref: '#/$defs/content' } };
const decided = { by: { $ref: '#/$defs/pseudonym' }, at: instant };

const assertion = exactly(
  { kind: { enum: assertionKinds }, value: true, threshold: { type: 'number' }, weight: { type: 'number' } },
  ['value', 'threshold', 'weight'],
);

const provenance = exactly(
  {
    source: text,
    queue: text,
    item_id: uuid,
    external_id: text,
    trace_id: text,
    model: versionRef,
    prompt: versionRef,
    flagged_at: instant,
    flag_reasons: { type: 'array', items: text },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
    risk: { enum: ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] },
    signals: { type: 'array', items: exactly({ name: text, value: { type: 'number' } }) },
    policy: exactly({ version: { type: 'integer', minimum: 1 }, rule: text }),
    rubric_version: { type: 'integer', minimum: 1 },
    labels: { type: 'object' },
    reviews: { type: 'array', items: exactly({ id: uuid, reviewer: { $ref: '#/$defs/pseudonym' }, verdict }) },
    agreement: exactly({ metric: text, value: { type: 'number' } }),
    adjudicated: { type: 'boolean' },
    adjudicator: { $ref: '#/$defs/pseudonym' },
    resolved_by: { enum: ['CONSENSUS', 'ADJUDICATION', 'DEADLINE'] },
    resolved_at: instant,
    admitted: exactly({ ...decided, reason: text }),
    edited: exactly(decided),
  },
  [
    'trace_id',
    'model',
    'prompt',
    'confidence',
    'risk',
    'policy',
    'rubric_version',
    'agreement',
    'adjudicator',
    'admitted',
    'edited',
  ],
);

const record = exactly(
  {
    schema: { const: recordSchema },
    id: uuid,
    revision: { type: 'integer', minimum: 1 },
    content_hash: {
      type: 'string',
      pattern: '^sha256:[0-9a-f]{64}$',
      description: 'SHA-256 over the RFC 8785 form of schema, input, expected and assertions.',
    },
    input: { $ref: '#/$defs/content' },
    context: { type: 'array', minItems: 1, description: 'What the system had in front of it.' },
    expected: {
      ...contentWith({ alternatives }),
      description:
        'What the output should have been, with what is right as well. Absent when nobody said; an empty text is an ' +
        'expectation.',
    },
    observed: { $ref: '#/$defs/content', description: 'What production answered.' },
    verdict,
    assertions: { type: 'array', items: assertion },
    tags: { type: 'array', items: text },
    split: { enum: ['train', 'validation', 'test'] },
    group_key: text,
    provenance,
  },
  ['context', 'expected'],
);

const retraction = exactly({
  schema: { const: 'countersign.retraction/1' },
  id: uuid,
  revision: { type: 'integer', minimum: 1 },
});

/** JSON Schema 2020-12 of one line of canonical JSONL. */
export const evalCaseSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:countersign:eval_case:1',
  title: 'Countersign eval case',
  description: 'One line of cases.jsonl. Retractions appear only in an export of what changed since a cursor.',
  oneOf: [{ $ref: '#/$defs/record' }, { $ref: '#/$defs/retraction' }],
  $defs: { record, retraction, content, pseudonym: { type: 'string', pattern: '^r_[0-9a-f]{16}$' } },
};
