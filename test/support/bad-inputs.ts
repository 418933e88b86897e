import { v4 as uuidv4 } from 'uuid';
import { expect, test } from 'vitest';

import { Role } from '../../src/access/viewer.js';
import { type Held, leaseOf, type TestQueue } from './reviewing.js';
import type { TestMember, TestService } from './service.js';

/** What is wrong, how it changes a good input, and the error that says so. */
export type BadInput = readonly [string, () => Record<string, any>, string];

/** A mutation with what it is to refuse. */
export interface Mutation {
  readonly name: string;
  /** Of its input, or of its inputs, where it takes several. */
  readonly type: string;
  readonly select: string;
  readonly as: () => TestMember;
  /** An input that would be taken. */
  readonly good: () => Record<string, any>;
  readonly bad: readonly BadInput[];
  /** What it says to a member who may only look. */
  readonly toViewer?: string;
}

/** Tests that each is refused as the table says, and that nothing is changed by it. */
export function refuses(mutations: readonly Mutation[], service: () => TestService): void {
  for (const { name, type, select, as, good, bad, toViewer = 'FORBIDDEN' } of mutations) {
    const isList = type.startsWith('[');
    const argument = isList ? 'inputs' : 'input';
    const ask = (token: string | null, input: Record<string, any>) =>
      service().ask<any>(
        token,
        `mutation ($${argument}: ${type}!) { ${name}(${argument}: $${argument}) { ${select} } }`,
        { [argument]: isList ? input.list : input },
      );

    test.each(bad)(`${name} refuses %s, and nothing is changed`, async (_what, change, code) => {
      const before = await everything(service());
      const answer = await ask(as().token, { ...good(), ...change() });
      expect([...new Set(answer.errors?.map((error) => error.extensions.code))]).toEqual([code]);
      expect(answer.errors![0]!.message).toMatch(/\w.{5}/);
      expect(await everything(service())).toEqual(before);
    });

    test(`${name} is for members who may`, async () => {
      const viewer = await service().member({ role: Role.VIEWER });
      const before = await everything(service());
      const codeTo = async (token: string | null) => (await ask(token, good())).errors?.[0]?.extensions.code;
      expect([await codeTo(viewer.token), await codeTo(null)]).toEqual([toViewer, 'UNAUTHENTICATED']);
      expect(await everything(service())).toEqual(before);
    });
  }
}

/** A number for all that each table holds; but not where readers of the log and sweepers are, nor when a key was last used. */
async function everything(service: TestService): Promise<Record<string, string>> {
  const tables = await service.sql<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('log_reader', 'lane_floor') ORDER BY 1`,
  );
  const row = `(to_jsonb(t) - 'last_used_at')::text`;
  const parts = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, coalesce(md5(string_agg(${row}, ' ' ORDER BY ${row})), '') AS held FROM ${name} t`,
  );
  const rows = await service.sql<{ name: string; held: string }>(parts.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, held }) => [name, held]));
}

const LONG = 10_001;

export const set = (more: object) => () => more as Record<string, any>;
export const unknown = () => uuidv4();
/** `ended`: a lease that its holder gave up. */
export const leases = (ended: () => Held): BadInput[] => [
  ['an assignment that is no id', set({ assignmentId: 'x' }), 'INVALID_INPUT'],
  ['an empty id', set({ assignmentId: '' }), 'INVALID_INPUT'],
  ['no assignment', set({ assignmentId: null }), 'INVALID_INPUT'],
  ['an unknown assignment', () => ({ assignmentId: unknown() }), 'NOT_FOUND'],
  ['a token that is no id', set({ leaseToken: 'x' }), 'INVALID_INPUT'],
  ['no token', set({ leaseToken: undefined }), 'INVALID_INPUT'],
  ["another lease's token", () => ({ leaseToken: unknown() }), 'LEASE_LOST'],
  ['a lease that was given up', () => leaseOf(ended()), 'LEASE_LOST'],
  ['a field that does not exist', set({ lease: 1 }), 'INVALID_INPUT'],
];
/** What a person wrote: any, or only if it is to be whole. */
export const works = (isComplete: boolean): BadInput[] => [
  ['a verdict that does not exist', set({ verdict: 'MAYBE' }), 'INVALID_INPUT'],
  ['a comment that is too long', set({ comment: 'x'.repeat(LONG) }), 'INVALID_INPUT'],
  ['a comment that is no text', set({ comment: 7 }), 'INVALID_INPUT'],
  ['a comment with U+0000', set({ comment: 'a\u0000b' }), 'INVALID_JSON'],
  [
    'a correction that is too large',
    set({ verdict: 'CORRECTED', correctedOutput: 'x'.repeat(1_100_000) }),
    'PAYLOAD_TOO_LARGE',
  ],
  ['a correction with U+0000', set({ verdict: 'CORRECTED', correctedOutput: 'a\u0000' }), 'INVALID_JSON'],
  ['labels that are too large', set({ labels: { polite: 'x'.repeat(70_000) } }), 'PAYLOAD_TOO_LARGE'],
  ...(isComplete
    ? ([
        ['no verdict', set({ verdict: null }), 'INVALID_INPUT'],
        ['CORRECTED without a correction', set({ verdict: 'CORRECTED' }), 'INVALID_INPUT'],
        ['CORRECTED to null', set({ verdict: 'CORRECTED', correctedOutput: null }), 'INVALID_INPUT'],
        ['CONFIRMED with a correction', set({ verdict: 'CONFIRMED', correctedOutput: 0 }), 'INVALID_INPUT'],
        ['labels that are a list', set({ labels: [] }), 'RUBRIC_VIOLATION'],
        ['a required label left out', set({ labels: {} }), 'RUBRIC_VIOLATION'],
        ['a label of the wrong type', set({ labels: { polite: 0 } }), 'RUBRIC_VIOLATION'],
        ['a label that is not asked for', set({ labels: { polite: true, x: 1 } }), 'RUBRIC_VIOLATION'],
      ] satisfies BadInput[])
    : []),
];
/** Which items, of a bulk. */
export const items = (queue: () => TestQueue): BadInput[] => [
  ['neither items nor a filter', set({ itemIds: null }), 'INVALID_INPUT'],
  ['items and a filter', set({ filter: { queue: 'x' } }), 'INVALID_INPUT'],
  ['an item that is no id', set({ itemIds: ['x'] }), 'INVALID_INPUT'],
  ['too many items', () => ({ itemIds: Array.from({ length: 1_001 }, unknown) }), 'INVALID_INPUT'],
  ['another number than expected', set({ expectedCount: 7 }), 'INVALID_INPUT'],
  ['a filter without a count', () => ({ itemIds: null, filter: { queue: queue().key } }), 'INVALID_INPUT'],
  ['a filter by a status that does not exist', set({ itemIds: null, filter: { status: ['X'] } }), 'INVALID_INPUT'],
];
