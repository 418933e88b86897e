import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { get } from 'node:http';
import * as zlib from 'node:zlib';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { Exporter } from '../src/dataset/export.service.js';
import { download, flag, openDesk, review, settle, type Desk } from './support/dataset.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let desk: Desk;
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
  await flag(
    desk,
    Array.from({ length: 60 }, (_, i) => ({ input: `question ${i}`, output: `answer ${i}` })),
  );
  await review(desk, ({ input }) => {
    if (String(input).endsWith('7')) return { verdict: 'REJECTED' };
    return String(input).endsWith('3') ? { verdict: 'CORRECTED', correctedOutput: 'better' } : { verdict: 'CONFIRMED' };
  });
  await settle(desk);
});
afterAll(() => service?.stop());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function freeze(): Promise<{ isNew: boolean; snapshot: { version: number; hash: string; caseCount: number } }> {
  const { createSnapshot } = await service.do(
    desk.manager,
    `mutation { createSnapshot(input: { dataset: "cases" }) { isNew snapshot { version hash caseCount } } }`,
  );
  return createSnapshot;
}

/** Changes what reviewers said of that many items, as a later revision of a review does. */
async function reviseSome(count: number): Promise<void> {
  await service.sql(
    `WITH r AS (UPDATE resolution SET verdict = 'CORRECTED', revision = revision + 1, output = to_json(random()::text)
                WHERE item_id IN (SELECT item_id FROM resolution ORDER BY item_id LIMIT $1) RETURNING item_id)
     INSERT INTO outbox (project_id, kind, actor, item_id, data) SELECT $2, 'ITEM_RESOLVED', 'system', item_id, '{}' FROM r`,
    [count, service.projectId],
  );
  await settle(desk);
}

test('a snapshot exports the same bytes for ever, whatever becomes of its cases', async () => {
  const { snapshot, isNew } = await freeze();
  expect({ isNew, caseCount: snapshot.caseCount }).toEqual({ isNew: true, caseCount: 60 });
  expect(await freeze()).toEqual({ isNew: false, snapshot });
  const files = async () => {
    const names = ['cases.jsonl', 'manifest.json', 'schema.json'];
    const all = await Promise.all(names.map((name) => download(desk, `?snapshot=${snapshot.version}&file=${name}`)));
    return all.map(({ text }) => text);
  };
  const before = await files();
  await reviseSome(5);
  expect(await files()).toEqual(before);
  const after = await freeze();
  expect(after.snapshot.version).toBe(snapshot.version + 1);
  expect(after.snapshot.hash).not.toBe(snapshot.hash);
  const lines = JSON.parse(before[1]!).rows.map((r: any) => `${r.case_id} ${r.revision} ${r.content_hash}\n`);
  expect(snapshot.hash).toBe(`sha256:${sha256(lines.join(''))}`);
  expect(JSON.parse(before[1]!).dataset_hash).toBe(snapshot.hash);
});

test.each(['jsonl', 'promptfoo'])(
  'the manifest of %s counts and hashes every file and says what was left out',
  async (format) => {
    const manifest = (await download(desk, `?format=${format}&file=manifest.json`)).json;
    const cases = await download(desk, `?format=${format}&at=${manifest.at}`);
    expect(manifest.count).toBe(format === 'jsonl' ? 60 : 54);
    expect(manifest.skipped).toHaveLength(60 - manifest.count);
    for (const { reason } of manifest.skipped) expect(reason).toBe('no expected output');
    const ids = cases.lines.map((line) => line.id ?? line.metadata.case_id);
    expect(manifest.rows.map((row: any) => row.case_id)).toEqual(ids);
    expect(ids).toEqual([...ids].sort());
    for (const { path, sha256: sum, bytes } of manifest.files) {
      const { text } = await download(desk, `?format=${format}&file=${path}&at=${manifest.at}`);
      expect({ path, sum: sha256(text), bytes: Buffer.byteLength(text) }).toEqual({ path, sum, bytes });
    }
  },
);

test('an export that was cut goes on after the last case that arrived', async () => {
  const whole = await download(desk);
  const at = whole.headers.get('countersign-at');
  const half = whole.lines.slice(0, 23);
  await reviseSome(3);
  const rest = await download(desk, `?at=${at}&after=${half.at(-1).id}`);
  expect([...half, ...rest.lines]).toEqual(whole.lines);
});

test('an export since a cursor holds what changed after it, once, and nothing else', async () => {
  const before = await download(desk);
  const since = before.headers.get('countersign-at');
  expect((await download(desk, `?since=${since}`)).text).toBe('');
  await reviseSome(4);
  await reviseSome(2);
  const { lines } = await download(desk, `?since=${since}`);
  expect(lines).toHaveLength(4);
  const now = new Map((await download(desk)).lines.map((line) => [line.id, line]));
  for (const line of lines) expect(line).toEqual(now.get(line.id));
});

test('who has the export already is told so', async () => {
  const { snapshot } = await freeze();
  const frozen = await download(desk, `?snapshot=${snapshot.version}`);
  expect(frozen.headers.get('etag')).toMatch(new RegExp(`^(W/)?"${snapshot.hash}\\.jsonl\\.\\d+"$`));
  for (const query of ['', `?snapshot=${snapshot.version}`, '?format=promptfoo&file=manifest.json']) {
    const tag = (await download(desk, query)).headers.get('etag')!;
    const again = await download(desk, query, { headers: { 'if-none-match': tag } });
    expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' });
    await reviseSome(1);
    const later = await download(desk, query, { headers: { 'if-none-match': tag } });
    expect(later.status).toBe(query.includes('snapshot') ? 304 : 200);
  }
});

test('as it is a file has a strong tag, compressed a weak one of the same name', async () => {
  const tagFor = async (encoding: string) =>
    (await download(desk, '', { method: 'HEAD', headers: { 'accept-encoding': encoding } })).headers;
  const [plain, gzip] = [await tagFor('identity'), await tagFor('gzip')];
  expect([plain.get('content-encoding'), gzip.get('content-encoding')]).toEqual([null, 'gzip']);
  expect(plain.get('etag')).toMatch(/^"[^"]+\.jsonl\.\d+"$/);
  expect(gzip.get('etag')).toBe(`W/${plain.get('etag')}`);
  for (const headers of [plain, gzip]) expect(headers.get('vary')).toContain('Accept-Encoding');
  const zstd = (await tagFor('gzip, zstd')).get('content-encoding');
  expect(zstd).toBe('createZstdCompress' in zlib ? 'zstd' : 'gzip');
  const known = { 'if-none-match': `"other", ${plain.get('etag')}`, 'accept-encoding': 'gzip' };
  expect((await download(desk, '', { headers: known })).status).toBe(304);
});

test('the trailers say how many lines there were and their hash, compressed or not', async () => {
  const { text } = await download(desk);
  for (const encoding of ['gzip', 'identity']) {
    const { trailers, headers } = await new Promise<any>((resolve, reject) => {
      const options = { headers: { authorization: `Bearer ${desk.app}`, 'accept-encoding': encoding } };
      get(`${service.url}/export/cases`, options, (response) => {
        response.resume().on('end', () => resolve({ trailers: response.trailers, headers: response.headers }));
      }).on('error', reject);
    });
    expect(headers['content-encoding']).toBe(encoding === 'gzip' ? 'gzip' : undefined);
    expect(trailers).toEqual({ 'countersign-rows': '60', 'countersign-sha256': sha256(text) });
  }
});

test('a client that goes away in the middle leaves nothing behind', async () => {
  // Large enough not to fit into the buffers of a socket that nobody reads.
  for (let i = 0; i < 60; i += 1) await flag(desk, [{ output: 'x'.repeat(90_000 + i) }]);
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  const exporter = service.app.get(Exporter);
  for (let i = 0; i < 20; i += 1) {
    await new Promise<void>((resolve, reject) => {
      get(`${service.url}/export/cases`, { headers: { authorization: `Bearer ${desk.app}` } }, (response) => {
        response.once('data', () => {
          response.destroy();
          resolve();
        });
      }).on('error', reject);
    });
  }
  await expect.poll(() => exporter.underWay).toBe(0);
  expect((await download(desk)).lines).toHaveLength(120);
});

test('the lines are the records as they are stored, small and large', async () => {
  // A megabyte that compresses to little, and texts around it that do not fit with it into one page.
  await flag(desk, [{ output: 'ü'.repeat(300_000) }, { output: '\u2028"\\\n' }]);
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  const [stored] = await service.sql<{ text: string }>(
    `SELECT string_agg(r.record || chr(10), '' ORDER BY r.case_id) AS text FROM eval_case_revision r
     WHERE r.record IS NOT NULL AND r.next_position IS NULL`,
  );
  expect(sha256((await download(desk)).text)).toBe(sha256(stored!.text));
});

test('what is asked for wrongly is refused with a typed error before anything is sent', async () => {
  const { snapshot } = await freeze();
  const cases: [string, number, string][] = [
    ['?format=xml', 400, 'INVALID_INPUT'],
    ['?snapshot=0', 400, 'INVALID_INPUT'],
    ['?snapshot=999', 404, 'NOT_FOUND'],
    ['?file=../../etc/passwd', 400, 'INVALID_INPUT'],
    ['?after=1', 400, 'INVALID_INPUT'],
    ['?since=abc', 400, 'INVALID_INPUT'],
    ['?limit=3', 400, 'INVALID_INPUT'],
    ['?format=jsonl&format=jsonl', 400, 'INVALID_INPUT'],
    [`?snapshot=${snapshot.version}&at=abc`, 400, 'INVALID_INPUT'],
  ];
  for (const [query, status, code] of cases) {
    const answer = await download(desk, query);
    expect({ query, status: answer.status, code: answer.json?.error?.code }).toEqual({ query, status, code });
  }
});

test('only keys that may export and people who manage are served', async () => {
  const statusFor = async (token: string) => (await download(desk, '', { token })).status;
  expect(await statusFor(await service.key([ApiKeyScope.EXPORT]))).toBe(200);
  expect(await statusFor((await service.member({ role: Role.ADMIN })).token)).toBe(200);
  for (const scope of [ApiKeyScope.FLAG, ApiKeyScope.READ, ApiKeyScope.MANAGE]) {
    expect(await statusFor(await service.key([scope]))).not.toBe(200);
  }
  expect(await statusFor((await service.member({ role: Role.REVIEWER })).token)).not.toBe(200);
  expect(await statusFor('csk_nothing')).toBe(401);
});

test('eval cases are listed page by page, now and as they were', async () => {
  const { snapshot } = await freeze();
  const nodes: any[] = [];
  let after: string | null = null;
  do {
    const { evalCases }: any = await service.do(
      desk.app,
      `query($after: Cursor, $snapshot: Int) {
         evalCases(dataset: "cases", snapshot: $snapshot, first: 25, after: $after) {
           pageInfo { hasNextPage endCursor }
           edges { node { id revision contentHash verdict split input expected observed item { id status } } } } }`,
      { snapshot: snapshot.version, after },
    );
    nodes.push(...evalCases.edges.map((edge: any) => edge.node));
    after = evalCases.pageInfo.hasNextPage ? evalCases.pageInfo.endCursor : null;
  } while (after);
  const { lines } = await download(desk, `?snapshot=${snapshot.version}`);
  expect(nodes.map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
  expect(nodes[0]).toMatchObject({ item: { status: 'RESOLVED' }, input: lines[0].input.text });
});
