import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
    input:
      number === 2
        ? { kind: 'messages', messages: [{ role: 'user', content: TEXTS[2] }] }
        : text(TEXTS[number] ?? `question ${number}`),
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
  const args = ['push', 'cases', '--to', vendor, ...(more.length > 0 ? more : ['--endpoint', server.url])];
  const code = (await printed.run(said, () => main(args, '0.0.0'))) || process.exitCode;
  process.exitCode = 0;
  return { code, out: said.stdout, err: said.stderr };
}

const program = fileURLToPath(new URL('../../bin/countersign.mjs', import.meta.url));

/** The command as a process of its own, which can be killed, and whose client has signed in nowhere yet. */
function run(vendor, endpoint) {
  const env = { ...process.env, COUNTERSIGN_URL: service.url, COUNTERSIGN_API_KEY: 'csk_x', ...vendors[vendor].env };
  const child = spawn(process.execPath, [program, 'push', 'cases', '--to', vendor, '--endpoint', endpoint], { env });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => void (said.out += text));
  child.stderr.on('data', (text) => void (said.err += text));
  return { child, ended: once(child, 'close').then(([code]) => ({ code, ...said })) };
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
      assert.doesNotMatch(refused.err, /trying again/);
      const secret = Object.values(vendor.env).find((value) => value.includes('4711'));
      assert.ok(!`${told.err}${refused.out}${refused.err}`.includes(secret));
    });

    test('leaves a busy server alone for as long as it asks, reading and writing', async () => {
      serve([record(0)]);
      await push(name);
      serve([record(0, 2)]);
      const answer = server.answer;
      const told = { read: null, write: null };
      server.answer = (request) => {
        const kind = vendor.items(request).length > 0 ? 'write' : vendor.lists(request) ? 'read' : null;
        if (!kind || told[kind]) return answer(request);
        told[kind] = { until: performance.now() + 1_000, after: server.requests.length };
        return { status: 429, headers: { 'retry-after': '1' }, body: { message: 'slow down' } };
      };
      const { code, out, err } = await push(name);
      assert.match(out, /1 pushed \(0 new, 1 replaced\)/, err);
      assert.equal(code, 0);
      for (const [kind, { until, after }] of Object.entries(told)) {
        // A timer may be a millisecond early.
        assert.ok(server.requests[after].at > until - 5, `${kind}: asked again too soon`);
      }
    });

    test('goes on after a connection that dropped when the cases had arrived', async () => {
      serve([0, 1, 2, 3].map((number) => record(number)));
      const answer = server.answer;
      let drops = 1;
      server.answer = (request) => {
        const answered = answer(request);
        return vendor.items(request).length > 0 && drops-- > 0 ? { isCut: true } : answered;
      };
      const { code, out, err } = await push(name);
      assert.match(out, /4 pushed \(4 new, 0 replaced\), 0 unchanged, 0 skipped, 0 failed/, err);
      assert.match(err, /trying again in/);
      assert.equal(code, 0);
      assert.equal(server.store.size, 4);
    });

    test('killed in the middle and run again, sends what is missing', async () => {
      const count = 250;
      serve(Array.from({ length: count }, (_, number) => record(number)));
      const answer = server.answer;
      const isSecond = new Promise((resolve) => {
        server.answer = (request) => {
          if (vendor.items(request).length > 0 && server.store.size >= 10) {
            resolve();
            return { isCut: true };
          }
          return answer(request);
        };
      });
      const cut = run(name, server.url);
      await isSecond;
      cut.child.kill('SIGKILL');
      await cut.ended;
      server.answer = answer;
      const there = server.store.size;
      assert.ok(there >= 10 && there < count, `${there} arrived`);
      const { code, out, err } = await push(name);
      assert.match(
        out,
        new RegExp(`${count - there} pushed \\(${count - there} new, 0 replaced\\), ${there} unch`),
        err,
      );
      assert.equal(code, 0);
      assert.equal(server.store.size, count);
    });

    test('an address that is wrong for good ends it at once, with a sentence', async () => {
      serve([record(0)]);
      const web = await capture();
      const page = '<!doctype html><html><body>Welcome</body></html>';
      web.answer = ({ path }) => ({
        status: path.startsWith('/gone') ? 404 : 200,
        headers: { 'content-type': 'text/html' },
        body: page,
      });
      const wrong = [
        ['http://127.0.0.1:6000', /^No answer from .* \(fetch failed \(bad port\)\)\. .*--endpoint/],
        ['http://no-such-host.invalid', /^No answer from .* \(fetch failed \((ENOTFOUND|EAI_AGAIN)\)\)\. .*--endpoint/],
        [web.url.replace('http:', 'https:'), /^No answer from .*SSL.*--endpoint/],
        [web.url, /^What answers is not .*--endpoint/],
        [`${web.url}/gone`, /^\S.* did not find it \(.*404.*--endpoint/],
      ];
      const told = [];
      for (const [url] of wrong) told.push(await push(name, '--endpoint', url));
      await web.stop();
      for (const [i, [url, sentence]] of wrong.entries()) {
        // A resolver that cannot say that there is no such host says that it may know later.
        const lines = told[i].err
          .trim()
          .split('\n')
          .filter((line) => !/EAI_AGAIN.*trying/.test(line));
        assert.equal(lines.length, 1, told[i].err);
        assert.match(lines[0], sentence, url);
        assert.doesNotMatch(told[i].err, /<html/);
        assert.deepEqual([told[i].code, told[i].out], [1, '']);
      }
      // The clients leave timers behind, of up to a minute; the program ends without them.
      const began = performance.now();
      assert.equal((await run(name, wrong[0][0]).ended).code, 1);
      assert.ok(performance.now() - began < 45_000);
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
