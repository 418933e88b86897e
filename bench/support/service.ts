import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A built service in a process of its own, so that it can be killed like one. */
export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  readonly output: () => string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `node dist/src/main.js` and waits until it is ready. The output of a first start holds the credentials. */
export async function startProcess(options: {
  dataDir?: string;
  port: number;
  env?: NodeJS.ProcessEnv;
  timeoutMs?: number;
}): Promise<ServiceProcess> {
  const url = `http://127.0.0.1:${options.port}`;
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    env: {
      ...process.env,
      PORT: String(options.port),
      ...(options.dataDir ? { COUNTERSIGN_DATA_DIR: options.dataDir } : {}),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-200_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  await untilReady(child, url, () => output, options.timeoutMs ?? 60_000);
  return {
    url,
    pid: child.pid!,
    output: () => output,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

async function untilReady(child: ChildProcess, url: string, output: () => string, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode}:\n${output()}`);
    const isReady = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The service was not ready after ${timeoutMs} ms:\n${output()}`);
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Finds a credential in what a first start printed: `csk_…` (API key) or `cst_…` (personal token). */
export function printed(output: string, prefix: 'csk' | 'cst'): string {
  const found = new RegExp(`${prefix}_[0-9a-z]+_[0-9A-Za-z_]+`).exec(output)?.[0];
  if (!found) throw new Error(`The service printed no ${prefix} credential:\n${output}`);
  return found;
}

export interface Answer<Data> {
  data?: Data;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** One GraphQL operation; throws when nobody answers, returns typed errors as they are. */
export async function ask<Data = Record<string, any>>(
  url: string,
  token: string,
  query: string,
  variables: object = {},
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(15_000),
  });
  return (await response.json()) as Answer<Data>;
}

export async function must<Data = Record<string, any>>(
  url: string,
  token: string,
  query: string,
  variables: object = {},
): Promise<Data> {
  const answer = await ask<Data>(url, token, query, variables);
  if (answer.errors || !answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}
