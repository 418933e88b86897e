import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';

import type { Response } from 'express';

import type { Encoding } from './export.encoding.js';
import type { Piece } from './formats/frame.js';

const NEWLINE = 10;

/**
 * Sends the pieces of a file, each when the one before has left: what waits for a slow client is one piece, whatever the
 * size of the file, and a piece's buffer may be used again as soon as the next is asked for.
 *
 * The first piece is read before the head is sent, so that what fails at once fails with a typed error. Ends with the
 * trailers `Countersign-Rows` (of JSON Lines) and `Countersign-Sha256` (of the file before compression). A client that
 * went away is no error; everything else destroys the answer, so that it ends without its closing chunk, and is thrown.
 */
export async function sendPieces(
  response: Response,
  pieces: AsyncGenerator<Piece, void>,
  encoding: Encoding | null,
): Promise<void> {
  const first = await pieces.next();
  const isLines = String(response.getHeader('Content-Type')).startsWith('application/jsonl');
  response.setHeader('Trailer', `${isLines ? 'Countersign-Rows, ' : ''}Countersign-Sha256`);
  if (encoding) response.setHeader('Content-Encoding', encoding.name);
  const zip = encoding?.create();
  const sink = zip ?? response;
  const sent = zip ? pipeline(zip, response) : finished(response);
  // Awaited at the end; until then what goes wrong is seen by whoever writes.
  sent.catch(() => undefined);
  try {
    const tally = new Tally();
    const paper = new Paper();
    for (let piece = first; !piece.done; piece = await pieces.next()) {
      const bytes = paper.bytesOf(piece.value);
      tally.add(bytes, isLines);
      await write(sink, bytes, response);
    }
    response.addTrailers({
      ...(isLines && { 'Countersign-Rows': String(tally.rows) }),
      'Countersign-Sha256': tally.digest(),
    });
    sink.end();
    await sent.catch(toGone);
  } catch (error) {
    response.destroy();
    if (!(error instanceof ClientGone)) throw error;
  } finally {
    await pieces.return();
  }
}

class ClientGone extends Error {}

function toGone(cause: unknown): never {
  throw new ClientGone('The client went away.', { cause });
}

class Tally {
  private readonly sum = createHash('sha256');
  rows = 0;

  add(bytes: Buffer, countsRows: boolean): void {
    this.sum.update(bytes);
    if (!countsRows) return;
    for (let i = bytes.indexOf(NEWLINE); i !== -1; i = bytes.indexOf(NEWLINE, i + 1)) this.rows += 1;
  }

  digest(): string {
    return this.sum.digest('hex');
  }
}

/** Texts as bytes, all in one buffer: a new one for each would wait in tens of megabytes for the garbage collector. */
class Paper {
  private buffer = Buffer.allocUnsafeSlow(64 * 1024);

  /** Good until the next call. */
  bytesOf(piece: Piece): Buffer {
    if (Buffer.isBuffer(piece)) return piece;
    if (typeof piece !== 'string') return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    // Three bytes at most for a unit of UTF-16.
    const most = piece.length * 3;
    if (most > this.buffer.length) this.buffer = Buffer.allocUnsafeSlow(most);
    return this.buffer.subarray(0, this.buffer.write(piece));
  }
}

/** Returns when the bytes have been handed on. When the client is gone, that may never be said, but its end is. */
async function write(sink: Writable, bytes: Buffer, response: Response): Promise<void> {
  if (bytes.length === 0) return;
  if (response.destroyed) toGone(null);
  await new Promise<void>((resolve, reject) => {
    const onClose = () => reject(new Error('closed'));
    response.once('close', onClose);
    sink.write(bytes, (error) => {
      response.off('close', onClose);
      if (error) reject(error);
      else resolve();
    });
  }).catch(toGone);
}
