/** One line of a file, or why it could not be read. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly problem: string | null;
  /** Bytes of the file up to the end of this line. */
  readonly end: number;
}

const NEWLINE = 10;

/**
 * The lines of a stream that may be of any size, one at a time; memory is bounded by the longest line that is allowed.
 * A longer one, or one that is not UTF-8, comes with a problem instead of its text. Empty lines are left out.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let end = 0;
  let parts: Uint8Array[] = [];
  let size = 0;

  const finish = (): Line | null => {
    number += 1;
    const bytes = Buffer.concat(parts);
    const isTooLong = size > mostBytes;
    parts = [];
    size = 0;
    if (isTooLong) {
      return { number, text: '', problem: `longer than ${mostBytes.toLocaleString('en')} bytes`, end };
    }
    try {
      const text = decoder.decode(bytes).trim();
      return text === '' ? null : { number, text, problem: null, end };
    } catch {
      return { number, text: '', problem: 'not UTF-8', end };
    }
  };

  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      const at = chunk.indexOf(NEWLINE, from);
      const to = at < 0 ? chunk.length : at;
      size += to - from;
      if (size <= mostBytes) parts.push(chunk.subarray(from, to));
      else parts = [];
      end += to - from + (at < 0 ? 0 : 1);
      from = to + 1;
      if (at < 0) break;
      const line = finish();
      if (line) yield line;
    }
  }
  if (size > 0) {
    const line = finish();
    if (line) yield line;
  }
}
