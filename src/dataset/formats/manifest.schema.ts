const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const revision = { type: 'integer', minimum: 1 };
const uuid = { type: 'string', pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' };
const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const contentHash = { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' };
const path = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$' };
const cursor = { type: 'string', description: 'A state of the dataset; opaque. Pass it back as "at" or "since".' };

function exactly(properties: Record<string, object>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

function orNull(schema: object): object {
  return { oneOf: [schema, { type: 'null' }] };
}

const row = exactly(
  {
    file: { ...path, description: 'Left out where there is one file of cases.' },
    row: { type: 'integer', minimum: 1, description: 'Its place in the file.' },
    case_id: uuid,
    revision,
    content_hash: contentHash,
    split: { enum: ['train', 'validation', 'test'] },
  },
  ['file'],
);

const file = exactly(
  { path, sha256, bytes: count, rows: { ...count, description: 'How many cases; left out where it holds none.' } },
  ['rows'],
);

/** JSON Schema 2020-12 of manifest.json, which is the same for every format. */
export const manifestSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:countersign:manifest:1',
  title: 'Countersign export manifest',
  ...exactly({
    schema: { const: 'countersign.manifest/1' },
    dataset: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,62}$' },
    snapshot: { ...orNull(revision), description: 'Null for the dataset as it was at "at".' },
    at: cursor,
    since: { ...orNull(cursor), description: 'Null for a whole export.' },
    format: text,
    format_version: revision,
    rows: { type: 'array', items: row },
    skipped: {
      type: 'array',
      items: exactly({ case_id: uuid, reason: text }),
      description: 'What the format cannot say exactly, and why.',
    },
    retracted: { type: 'array', items: exactly({ case_id: uuid, revision }) },
    count: { ...count, description: 'How many rows there are.' },
    dataset_hash: {
      ...orNull(contentHash),
      description: 'SHA-256 over the lines "id revision content_hash" of all cases, sorted by id; null of a part.',
    },
    files: { type: 'array', items: file },
  }),
};
