import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { after, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { capture } from './capture.mjs';
import { vendors } from './vendors.mjs';

/**
 * What we push, and what each vendor's own client sends when it is used as its documentation says: the same, by the
 * same client, to a server that writes everything down.
 */
const built = (path) => new URL(`../../dist/src/${path}`, import.meta.url);
let main;
let formats;
let service;
let server;

before(async () => {
  await import(new URL('../../node_modules/reflect-metadata/Reflect.js', import.meta.url));
  ({ formats } = await import(built('dataset/formats/index.js')));
  ({ main } = await import(built('cli/main.js')));
  // Where the vendors' packages are found.
  process.chdir(fileURLToPath(new URL('.', import.meta.url)));
  service = await capture();
  // One address for all: Braintrust's client signs in once in a process.
  server = await capture();
});
after(() => Promise.all([service.stop(), server.stop()]));
beforeEach(() => void (server.requests.length = 0));

const TEXTS = ['Can I return it?', '{{ 7*7 }}\r\n', 'ünï \u2028 "quoted" \\', 'last'];

function record(number, revision = 1) {
  const id = `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const text = (words) => ({ kind: 'text', text: words });
  return {
    schema: 'countersign.eval_case/1',
    id,
    revision,
    content_hash: `sha256:${String(number + revision).padStart(64, '0')}`,
    input: number === 2 ? { kind: 'messages', messages: [{ role: 'user', content: TEXTS[2] }] } : text(TEXTS[number]),
    context: ['a passage', { page: 3 }],
    ...(number !== 3 && { expected: text(`answer ${number} ${revision}`) }),
    observed: text('no'),
    verdict: 'CORRECTED',
    assertions: number === 3 ? [] : [{ kind: 'exact' }],
    tags: ['billing'],
    split: 'test',
    group_key: id,
    provenance: { item_id: id, trace_id: 't1', labels: {} },
  };
}

/** A Countersign that exports these records. */
function serve(records) {
  const text = records.map((one) => `${JSON.stringify(one)}\n`).join('');
  service.answer = ({ query }) => {
    const headers = { 'countersign-at': 'now' };
    if (query.get('file') !== 'manifest.json') return { headers, body: text };
    const manifest = { schema: 'countersign.manifest/1', files: [], count: records.length };
    return { headers, body: manifest };
  };
}

const printed = new AsyncLocalStorage();

/** What a command prints is kept; what the test runner prints goes on. */
for (const name of ['stdout', 'stderr']) {
  const write = process[name].write.bind(process[name]);
  process[name].write = (text, ...rest) => {
    const said = printed.getStore();
    if (!said) return write(text, ...rest);
    said[name] += text;
    return true;
  };
}

/** Runs the command in this process, which has the vendors' packages loaded already. */
async function push(vendor, ...more) {
  Object.assign(process.env, { COUNTERSIGN_URL: service.url, COUNTERSIGN_API_KEY: 'csk_x', ...vendors[vendor].env });
  const said = { stdout: '', stderr: '' };
  process.exitCode = 0;
  const args = ['push', 'cases', '--to', vendor, '--endpoint', server.url, ...more];
  const code = (await printed.run(said, () => main(args, '0.0.0'))) || process.exitCode;
  process.exitCode = 0;
  return { code, out: said.stdout, err: said.stderr };
}

for (const [name, vendor] of Object.entries(vendors)) {
  const remote = vendor.name ?? 'cases';
  const itemsSent = () => server.requests.flatMap(vendor.items);

  describe(name, () => {
    beforeEach(() => {
      server.store = new Map();
      server.answer = vendor.answer(server.store, () => server.url);
    });

    test('sends what its own client sends', async () => {
      const records = [0, 1, 2, 3].map((number) => record(number));
      serve(records);
      const told = await push(name);
      assert.match(told.out, /4 pushed \(4 new, 0 replaced\), 0 unchanged, 0 skipped, 0 failed/, told.err);
      assert.equal(told.code, 0);
      const ours = itemsSent();
      assert.ok(ours.length > 0);

      server.requests.length = 0;
      server.store.clear();
      server.answer = vendor.answer(server.store, () => server.url);
      const format = formats.get(name);
      const rows = records.map((one) => {
        const stored = {
          id: one.id,
          revision: 1,
          contentHash: one.content_hash,
          split: 'test',
          record: JSON.stringify(one),
        };
        return marked(JSON.parse(format.encode(stored, { dataset: 'cases', snapshot: null }).line));
      });
      await vendor.direct(server.url, remote, rows);
      const theirs = itemsSent();
      assert.deepEqual(ordered(ours), ordered(theirs));
    });

    test('sends a second time only what changed, and deletes nothing', async () => {
      serve([0, 1, 2, 3].map((number) => record(number)));
      await push(name);
      serve([record(0), record(1, 2), record(2)]);
      const { code, out, err } = await push(name);
      assert.match(out, /1 pushed \(0 new, 1 replaced\), 2 unchanged/, err);
      assert.match(out, vendor.hasArchive ? /retracted here, archived there: 1/ : /retracted here, still in .*: 1/);
      assert.equal(code, 0);
      assert.equal(server.store.size, 4);
      assert.ok(
        server.requests.every(
          ({ method, body }) => method !== 'DELETE' && !/"_object_delete"/.test(JSON.stringify(body)),
        ),
      );
      serve([record(0), record(1, 2), record(2)]);
      assert.match((await push(name)).out, /0 pushed \(0 new, 0 replaced\), 3 unchanged/);
    });

    test('waits for a busy server, and says what is wrong with a key without showing it', async () => {
      serve([record(0)]);
      const answer = server.answer;
      let busy = 1;
      server.answer = (request) => {
        if (vendor.items(request).length === 0 || busy-- <= 0) return answer(request);
        return { status: 429, headers: { 'retry-after': '0' }, body: { message: 'slow down' } };
      };
      const told = await push(name);
      assert.match(told.out, /1 pushed/, told.err);
      assert.match(told.err, /429.*; trying again in/);

      server.answer = ({ headers }) => ({
        status: 401,
        body: { message: `bad key ${headers.authorization ?? headers['x-api-key']}` },
      });
      const refused = await push(name);
      assert.equal(refused.code, 1);
      assert.match(refused.err, /does not let this key in/);
      const secret = Object.values(vendor.env).find((value) => value.includes('4711'));
      assert.ok(!`${told.err}${refused.out}${refused.err}`.includes(secret));
    });
  });
}

/** As a push marks what it sends. */
function marked(row) {
  const mark = { countersign_dataset: 'cases' };
  if (row.metadata) return { ...row, metadata: { ...row.metadata, ...mark } };
  return { ...row, data: { ...row.data, metadata: { ...row.data.metadata, ...mark } } };
}

/** Items in the order of their ids: several are on their way at once. */
function ordered(items) {
  return items
    .map((item) => JSON.stringify(item))
    .sort()
    .map((text) => JSON.parse(text));
}
