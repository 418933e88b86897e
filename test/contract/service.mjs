import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * A Countersign to talk to: the one that COUNTERSIGN_URL, COUNTERSIGN_API_KEY (all scopes) and COUNTERSIGN_ADMIN_TOKEN
 * name, or a built one, started on an empty data folder of its own and stopped and removed by `stop`.
 */
export async function openService(env = {}) {
  const { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key, COUNTERSIGN_ADMIN_TOKEN: admin } = process.env;
  if (url && key && admin) return connected(url, key, admin, null, async () => {});
  const folder = await mkdtemp(join(tmpdir(), 'countersign-contract-'));
  // Started by root, PostgreSQL runs as another account, which must be able to get there.
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'data');
  const port = await freePort();
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    cwd: root,
    env: {
      ...process.env,
      ...env,
      PORT: String(port),
      COUNTERSIGN_DATA_DIR: dataDir,
      COUNTERSIGN_LOG_LEVEL: 'warn',
      // The load is the test's own; what it measures is not the rate limit.
      COUNTERSIGN_RATE_COST_PER_SECOND: '1000000',
      COUNTERSIGN_RATE_BURST: '1000000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // However this program ends, the service ends with it; its PostgreSQL follows by itself.
  process.once('exit', () => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (output = (output + chunk).slice(-100_000)));
  }
  const own = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(120_000, 'the service to be ready', async () => {
      if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode}:\n${output}`);
      return fetch(`${own}/readyz`).then(
        (response) => response.ok && /csk_/.test(output),
        () => false,
      );
    });
    return connected(own, printed(output, 'csk'), printed(output, 'cst'), dataDir, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

function connected(url, key, admin, dataDir, stop) {
  const service = { url, key, admin, dataDir, stop };
  return {
    ...service,
    /** The data of one GraphQL operation; errors throw. */
    ask: (token, query, variables) => ask(url, token, query, variables),
    /** Runs `countersign …` and returns its exit code and what it printed. */
    run: (...args) => run(service, args),
    /** Makes a reviewer and returns a personal token. */
    reviewer: (name) => makeReviewer(service, name),
  };
}

export async function ask(url, token, query, variables = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(60_000),
  });
  const { data, errors } = await response.json();
  if (errors) throw Object.assign(new Error(JSON.stringify(errors)), { code: errors[0].extensions?.code });
  return data;
}

async function makeReviewer({ url, admin }, name) {
  const { createMember } = await ask(
    url,
    admin,
    `mutation($input: CreateMemberInput!) { createMember(input: $input) { member { id } } }`,
    { input: { name, role: 'REVIEWER' } },
  );
  const { createPersonalToken } = await ask(
    url,
    admin,
    `mutation($input: CreatePersonalTokenInput!) { createPersonalToken(input: $input) { token } }`,
    { input: { memberId: createMember.member.id, name: 'contract test' } },
  );
  return createPersonalToken.token;
}

async function run({ url, key, dataDir }, args) {
  const env = { ...process.env, COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key };
  if (dataDir) env.COUNTERSIGN_DATA_DIR = dataDir;
  const child = spawn(process.execPath, [join(root, 'bin/countersign.mjs'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'exit');
  return { code, output };
}

export async function until(ms, what, isSo) {
  const end = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Waited ${ms} ms in vain for ${what}.`);
    await sleep(100);
  }
}

function printed(output, prefix) {
  const found = new RegExp(`${prefix}_[0-9a-z]+_[0-9A-Za-z_]+`).exec(output)?.[0];
  if (!found) throw new Error(`The service printed no ${prefix} credential:\n${output}`);
  return found;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
