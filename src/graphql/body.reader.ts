import type { IncomingMessage } from 'node:http';

import { Refusal } from '../errors.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The whole body as text. Each piece is shown to `accept` first; when that throws, reading stops and nothing is kept. */
export async function readBody(
  request: IncomingMessage,
  accept: (size: number, piece: number) => void,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      try {
        accept(size, chunk.length);
        chunks.push(chunk);
      } catch (refusal) {
        request.pause();
        request.removeAllListeners('data');
        chunks.length = 0;
        reject(refusal as Error);
      }
    });
    let isWhole = false;
    request.once('end', () => {
      isWhole = true;
      resolve();
    });
    request.once('error', reject);
    request.once('close', () => {
      // Every request closes; an error, with its stack, is made only for one that ended early.
      if (!isWhole) reject(new Error('The client went away before the body was whole.'));
    });
  });
  try {
    return decoder.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size));
  } catch {
    throw new Refusal('INVALID_INPUT', 'The body is not valid UTF-8.');
  }
}
