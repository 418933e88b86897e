import { expect, test } from 'vitest';

import { labelOf, refusalWords } from '../web/src/refusal-words.js';

const words = (message: string, details: object = {}, code = 'INVALID_INPUT') =>
  refusalWords(code, message, details as Record<string, unknown>);

test('a refused input is named as its form names it, and says what is allowed', () => {
  const violations = [
    { path: 'input.name', messages: ['1 to 200 characters'] },
    { path: 'input.filter.itemIds[3]', messages: ['must be a UUID'] },
  ];
  expect(words('input.name: 1 to 200 characters; …', { violations })).toBe(
    'Name: 1 to 200 characters.\nItems: must be a UUID.',
  );
  expect(words('note: say in a few words what is to be decided.')).toBe(
    'Note: say in a few words what is to be decided.',
  );
  expect(words('queues[0].leaseSeconds: must be 1 to 86400\nqueues[0].name: is required')).toBe(
    'Lease seconds: must be 1 to 86400\nName: is required',
  );
  expect(words('policy.rules[0].when (line 1, column 3): unknown')).toBe('When (line 1, column 3): unknown');
  expect(words('text has no letter or digit in it.')).toBe('Text has no letter or digit in it.');
});

test('variables, types and fields of GraphQL are not shown to people', () => {
  expect(
    words(
      'Variable "$filter" got invalid value "X" at "filter.risk[0]"; Value "X" does not exist in "RiskLevel" enum.',
    ),
  ).toBe('Risk cannot be "X": there is no such choice.');
  expect(words('Variable "$input" got invalid value {}; Field "itemId" of required type "ID!" was not provided.')).toBe(
    'Item is missing.',
  );
  expect(words('Cannot query field "x" on type "Query".')).toBe(
    'This page is not of the same version as the service. Reload it.',
  );
  const long = `Variable "$input" got invalid value "${'x'.repeat(5_000)}" at "input.first"; Int cannot represent x`;
  expect(words(long).length).toBeLessThan(200);
});

test('a value of one’s own that cannot be kept is found by where it stands in it', () => {
  const message = 'Cannot be kept exactly as sent: 1e999 is too large, at variables.input.correctedOutput.rows[2].sum.';
  expect(words(message, {}, 'INVALID_JSON')).toBe(
    'Cannot be kept exactly as sent: 1e999 is too large, at Correction (rows[2].sum).',
  );
  expect(labelOf('input.externalId')).toBe('External id');
});

test('what passes says when to come back, and a fault says where its log is', () => {
  expect(words('Too much for this key; retryAfterSeconds says when.', { retryAfterSeconds: 1 }, 'RATE_LIMITED')).toBe(
    'That was too much at once. Try again in 1 second.',
  );
  expect(words('A fault of the service.', { requestId: 'abc' }, 'INTERNAL')).toContain('under the request abc');
  expect(words('The database is starting; try again shortly.', {}, 'OVERLOADED')).toBe(
    'The database is starting; try again shortly.',
  );
  expect(words('No valid credential. Send "Authorization: Bearer <token>".', {}, 'UNAUTHENTICATED')).not.toContain(
    'Bearer',
  );
});

test('words that are for people already stay as they are', () => {
  for (const message of [
    'There is no such item.',
    'The filter is met by more than 1,000 items; narrow it and go step by step.',
    'Two rules have the name "a: b".',
    'The address https://example.org is not allowed.',
  ])
    expect(words(message)).toBe(message);
});
