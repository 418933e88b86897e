import { createServer } from 'node:http';

/** A server on the loopback that writes down every request and answers as it is told. */
export async function capture() {
  const state = { requests: [], answer: () => ({ status: 404 }) };
  const server = createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', async () => {
      const url = new URL(incoming.url, 'http://x');
      const bytes = Buffer.concat(chunks);
      const body = await read(bytes, incoming.headers['content-type'] ?? '');
      const request = {
        method: incoming.method,
        path: url.pathname,
        query: url.searchParams,
        headers: incoming.headers,
        body,
        at: performance.now(),
      };
      state.requests.push(request);
      const { status = 200, headers = {}, body: said = {}, isCut = false } = state.answer(request) ?? { status: 404 };
      if (isCut) return void outgoing.destroy();
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
      outgoing.end(status === 204 ? undefined : typeof said === 'string' ? said : JSON.stringify(said));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** JSON, or the parts of a form, each of them JSON. */
async function read(bytes, type) {
  if (bytes.length === 0) return null;
  if (!type.startsWith('multipart/')) return JSON.parse(bytes.toString('utf8'));
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const parts = await Promise.all([...form].map(async ([name, part]) => [name, JSON.parse(await part.text())]));
  return Object.fromEntries(parts);
}
