import type { IncomingMessage } from 'node:http';

import { Refusal } from '../errors.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The whole body as text; stops reading as soon as it is over the limit. */
export async function readBody(request: IncomingMessage, limit: number, tooLarge: () => Refusal): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        request.pause();
        request.removeAllListeners('data');
        reject(tooLarge());
      }
    });
    request.once('end', resolve);
    request.once('error', reject);
    request.once('close', () => reject(new Error('The client went away before the body was whole.')));
  });
  try {
    return decoder.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size));
  } catch {
    throw new Refusal('INVALID_INPUT', 'The body is not valid UTF-8.');
  }
}
