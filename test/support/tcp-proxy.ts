import net from 'node:net';

/** A way to the database that a test can break. */
export interface TcpProxy {
  readonly url: string;
  /** Closes every connection and refuses new ones, as a server that restarts does. */
  down(): void;
  up(): void;
  /** Connections of now stay open and carry nothing any more, in either direction; new ones work. */
  blackHole(): void;
  close(): void;
}

export async function proxyTo(databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl);
  const pairs = new Set<[net.Socket, net.Socket]>();
  let isUp = true;
  const server = net.createServer((client) => {
    if (!isUp) {
      client.destroy();
      return;
    }
    const upstream = net.connect(Number(target.port), target.hostname);
    const pair: [net.Socket, net.Socket] = [client, upstream];
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const other of pair) other.destroy();
        pairs.delete(pair);
      });
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as net.AddressInfo).port);
  const proxy: TcpProxy = {
    url: url.href,
    down() {
      isUp = false;
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
    up() {
      isUp = true;
    },
    blackHole() {
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream);
        upstream.unpipe(client);
        client.pause();
        upstream.pause();
      }
    },
    close() {
      proxy.down();
      server.close();
    },
  };
  return proxy;
}
