import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { ApiKeyScope } from '../src/access/viewer.js';
import { Client, ConnectionError, ServiceError } from '../src/cli/client.js';
import { main } from '../src/cli/main.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let folder: string;
beforeAll(async () => {
  service = await startService();
  folder = mkdtempSync(join(tmpdir(), 'countersign-command-line-'));
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Runs a command line in this process, as the built program would. */
async function run(args: string[], key?: string): Promise<{ code: number; out: string; err: string }> {
  vi.stubEnv('COUNTERSIGN_URL', `${service.url}/`);
  vi.stubEnv('COUNTERSIGN_API_KEY', key ?? (await service.key([ApiKeyScope.MANAGE])));
  const [out, err]: [string[], string[]] = [[], []];
  const catchIn = (lines: string[]) => (text: string | Uint8Array) => lines.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(catchIn(out));
  vi.spyOn(process.stderr, 'write').mockImplementation(catchIn(err));
  const code = await main(args, '1.2.3');
  vi.restoreAllMocks();
  return { code, out: out.join(''), err: err.join('') };
}

function file(text: string): string {
  const path = join(folder, 'setup.yaml');
  writeFileSync(path, text);
  return path;
}

const SETUP = `
queues:
  - key: support
    name: Support replies
    rubric:
      - { name: fine, type: BOOLEAN, required: true }
policy:
  - { name: unsure, when: 'confidence < 0.5', queue: support }
  - { name: rest, decision: PASS }
`;

describe('countersign apply', () => {
  test('shows what it will change, changes it, and has nothing to do the second time', async () => {
    const path = file(SETUP);
    const dry = await run(['apply', path, '--dry-run']);
    expect(dry).toMatchObject({ code: 0, err: '' });
    expect(dry.out).toContain('+ queue support\n    name: Support replies\n');
    expect(dry.out).toMatch(/A dry run: nothing was changed\.\n$/);
    expect(await service.sql(`SELECT FROM queue`)).toHaveLength(0);

    const done = await run(['apply', path]);
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toMatch(/\+ policy version 1\n[^]*Done\.\n$/);
    expect(await service.sql(`SELECT FROM queue`)).toHaveLength(1);

    const again = await run(['apply', path]);
    expect(again).toEqual({
      code: 0,
      err: '',
      out: '= queue support (unchanged)\n= policy version 1 (unchanged)\nNothing to change.\n',
    });
    const json = JSON.parse((await run(['apply', path, '--json'])).out) as { changes: unknown[] };
    expect(json).toMatchObject({ applied: false, changes: [{ what: 'UNCHANGED' }, { what: 'UNCHANGED' }] });
  });

  test.each<[string, string, RegExp[]]>([
    ['text that is not YAML', 'queues: [', [/:1:10: .+/]],
    ['a key twice', 'queues: []\nqueues: []\n', [/:2:1: Map keys must be unique/]],
    ['a number that JSON lacks', 'queues:\n  - leaseSeconds: .inf\n', [/:2:19: Infinity is not a number/]],
    ['an unknown section', 'queus: []\n', [/:1:8: queus: is not known here; allowed are queues, policy/]],
    [
      'every fault with its line',
      'queues:\n  - key: A\n    lease: 5\n  - key: b\n    name: B\n    leaseSeconds: 0\n',
      [
        /:2:10: queues\[0\]\.key: "A" must be/,
        /:3:12: queues\[0\]\.lease: is not known here/,
        /:6:19: queues\[1\]\.leaseSeconds: must be 1 to 86400 seconds; it is 0/,
      ],
    ],
    [
      'a condition, with the place inside it',
      'policy:\n  - name: a\n    when: |\n      hasRisk &&\n      confidnce < 1\n    decision: PASS\n  - { name: rest, decision: PASS }\n',
      [/:3:11: policy\[0\]\.when: rule "a": Unknown variable: confidnce.*\(line 2, column 1 of the condition\)/],
    ],
    ['what is missing, where it should stand', 'queues:\n  - name: x\n', [/:2:5: queues\[0\]\.key: is required/]],
  ])('names %s', async (_, text, expected) => {
    const { code, out, err } = await run(['apply', file(text)]);
    expect([code, out]).toEqual([1, '']);
    for (const line of expected) expect(err).toMatch(line);
    expect(err.trim().split('\n')).toHaveLength(expected.length);
  });

  test('a file that is not there, or no text', async () => {
    const none = join(folder, 'none.yaml');
    expect(await run(['apply', none])).toMatchObject({ code: 2, err: `${none} cannot be read: it is not there.\n` });
    expect(await run(['apply', folder])).toMatchObject({ code: 2, err: `${folder} cannot be read: it is a folder.\n` });
    const empty = file('\n');
    expect(await run(['apply', empty])).toMatchObject({ code: 1, err: `${empty}: the file is empty\n` });
    writeFileSync(join(folder, 'binary.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
    expect((await run(['apply', join(folder, 'binary.yaml')])).err).toContain('is not UTF-8 text');
  });

  test('a few lines that unfold into gigabytes', async () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      bomb.push(
        `a${i}: &a${i} [${Array<string>(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const { code, err } = await run(['apply', file(bomb.join('\n'))]);
    expect([code, err.trim().split('\n')]).toEqual([1, [expect.stringMatching(/setup\.yaml: its aliases .* unfold/)]]);
  });

  test('says what to do about a key that is missing, wrong or too weak', async () => {
    const path = file(SETUP);
    expect(await run(['apply', path], '')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^COUNTERSIGN_API_KEY is not set\..*\n$/),
    });
    expect((await run(['apply', path], 'csk_…')).err).toBe('COUNTERSIGN_API_KEY has a character that no key has.\n');
    const wrong = await run(['apply', path], 'csk_1_x_y');
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/^UNAUTHENTICATED: .*COUNTERSIGN_API_KEY.*\nSet COUNTERSIGN_API_KEY to a valid key/);
    expect(wrong.err).not.toContain('Authorization');
    expect((await run(['apply', path], await service.key([ApiKeyScope.FLAG]))).err).toMatch(
      /^FORBIDDEN: .*\nThe key in COUNTERSIGN_API_KEY lacks the scope/,
    );
  });
});

describe('countersign watch', () => {
  test('says from when it watches, and what is wrong with the key', async () => {
    const weak = await run(['watch'], await service.key([ApiKeyScope.FLAG]));
    expect(weak.err).toMatch(
      /^Watching http\S+ from now on; Ctrl-C ends it\.\nFORBIDDEN: .*\nThe key in COUNTERSIGN_API/,
    );
    const wrong = await run(['watch'], 'csk_1_x_y');
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/^UNAUTHENTICATED: .*\nSet COUNTERSIGN_API_KEY to a valid key/);
    const folderAsFile = await run(['watch', '--cursor-file', folder]);
    expect(folderAsFile).toMatchObject({ code: 2, err: expect.stringContaining('it is a folder') });
  });

  test('says at the start that its cursor file cannot be used, and which', async () => {
    const lost = join(folder, 'none', 'watch.cursor');
    expect(await run(['watch', '--cursor-file', lost])).toEqual({
      code: 2,
      out: '',
      err: `--cursor-file ${lost}: the folder ${join(folder, 'none')} cannot be used: it is not there.\n`,
    });
    const garbage = join(folder, 'garbage.cursor');
    for (const text of ['not a cursor', 'abc']) {
      writeFileSync(garbage, text);
      const { code, err } = await run(['watch', '--cursor-file', garbage], await service.key([ApiKeyScope.READ]));
      expect(code).toBe(1);
      expect(err).toContain(`INVALID_INPUT: the cursor of --cursor-file ${garbage} cannot be used: `);
      expect(err).toMatch(/Delete the file to watch from now on, or with --from-start from the beginning\.\n$/);
    }
    const after = await run(['watch', '--after', 'abc'], await service.key([ApiKeyScope.READ]));
    expect(after.err).toMatch(/INVALID_INPUT: the cursor of --after cannot be used: .*\nLeave it out to watch/);
  });
});

describe('the command line', () => {
  test.each<[string[], number, RegExp]>([
    [[], 2, /Usage: countersign/],
    [['aply'], 2, /unknown command 'aply'[^]*Did you mean apply/],
    [['apply'], 2, /missing required argument 'file'/],
    [['apply', 'x', '--nonsense'], 2, /unknown option '--nonsense'/],
    [['export', 'x', '--out', 'a', '--out', 'b'], 2, /^error: option '--out <dir>' is given twice/],
    [['watch', '--after', 'x', '--from-start'], 2, /'--from-start' cannot be used with option '--after <cursor>'/],
    [['export', '--out', 'x'], 2, /^Name a dataset to export\. There is none yet: "countersign apply"/],
    [['export', 'x'], 2, /^Name the folder to write to: countersign export x --out DIR\n$/],
    [['--help'], 0, /Usage: countersign/],
    [['apply', '--help'], 0, /Usage: countersign apply/],
    [['--version'], 0, /^1\.2\.3\n$/],
  ])('%j ends with %d', async (args, code, text) => {
    const { code: actual, out, err } = await run(args);
    expect(actual).toBe(code);
    expect(code === 0 ? out : err).toMatch(text);
  });

  test('says how to build it when it is not built', () => {
    cpSync('bin', join(folder, 'bin'), { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'bin', 'countersign.mjs'), 'apply'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, 'countersign is not built yet. Run: npm run build\n']);
  });
});

describe('its client', () => {
  const open: Server[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) server.close().closeAllConnections();
  });

  /** A server that answers as it is told to; what a service in trouble says. */
  async function serving(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const refusal = (code: string, extensions: object = {}) =>
    JSON.stringify({ errors: [{ message: 'not now', extensions: { code, ...extensions } }] });

  test('comes back when the service says when', async () => {
    const answers = [refusal('OVERLOADED', { retryAfterSeconds: 1 }), refusal('RATE_LIMITED'), '{"data":{"ok":true}}'];
    const waits: [string, number][] = [];
    const url = await serving((_, response) => void response.setHeader('retry-after', '1').end(answers.shift()));
    const client = new Client(url, undefined, (reason, seconds) => waits.push([reason, seconds]));
    expect(await client.request('{ ok }')).toEqual({ ok: true });
    expect(waits).toEqual([
      ['OVERLOADED', 1],
      ['RATE_LIMITED', 1],
    ]);
  });

  test('does not wait longer than people would', async () => {
    const url = await serving((_, response) => void response.end(refusal('OVERLOADED', { retryAfterSeconds: 600 })));
    await expect(new Client(url, undefined).request('{ ok }')).rejects.toMatchObject({
      code: 'OVERLOADED',
      details: { retryAfterSeconds: 600 },
    });
  });

  test('sends again over a broken connection what may be repeated, and nothing else', async () => {
    let calls = 0;
    const url = await serving((request, response) => {
      calls += 1;
      if (calls % 2 === 1) request.socket.destroy();
      else response.end('{"data":{"ok":true}}');
    });
    const client = new Client(url, undefined, () => undefined);
    expect(await client.request('{ ok }')).toEqual({ ok: true });
    expect(calls).toBe(2);
    await expect(client.request('mutation { once }', {}, { isRepeatable: false })).rejects.toThrow(ConnectionError);
    expect(calls).toBe(3);
  });

  test('says that nobody listens, or that it is somebody else', async () => {
    const url = await serving((_, response) => void response.writeHead(404).end('<html>'));
    await expect(new Client(url, undefined).request('{ ok }')).rejects.toThrow(ServiceError);
    await expect(new Client(url, undefined).request('{ ok }')).rejects.toThrow(/answered 404 .* not Countersign/);
    const closed = await serving(() => undefined);
    await new Promise((resolve) => open.pop()?.close(resolve));
    const waits: string[] = [];
    const nobody = new Client(closed, undefined, (reason) => waits.push(reason));
    await expect(nobody.request('{ ok }')).rejects.toThrow(`No answer from ${closed} (ECONNREFUSED)`);
    expect(waits).toEqual(Array<string>(4).fill('ECONNREFUSED'));
  });

  test('waits for a service that starts again, where the caller has the patience', async () => {
    const closed = await serving(() => undefined);
    await new Promise((resolve) => open.pop()?.close(resolve));
    const server = createServer((_, response) => void response.end('{"data":{"ok":true}}'));
    let waits = 0;
    const client = new Client(closed, undefined, () => {
      waits += 1;
      // Later than anybody without patience tries.
      if (waits === 6) open.push(server.listen(Number(new URL(closed).port), '127.0.0.1'));
    });
    expect(await client.request('{ ok }', {}, { patienceSeconds: 30 })).toEqual({ ok: true });
    expect(waits).toBeGreaterThan(5);
    const gone = await serving(() => undefined);
    await new Promise((resolve) => open.pop()?.close(resolve));
    const stopped = new Client(gone, undefined, () => expect.unreachable());
    const request = stopped.request('{ ok }', {}, { patienceSeconds: 30, mayWait: () => false });
    await expect(request).rejects.toThrow(`No answer from ${gone} (ECONNREFUSED)`);
  }, 30_000);

  test.each(['ftp://x', 'localhost:4400', 'x'])('refuses COUNTERSIGN_URL=%s', (url) => {
    expect(() => Client.fromEnvironment({ COUNTERSIGN_URL: url })).toThrow('COUNTERSIGN_URL is');
  });
});
