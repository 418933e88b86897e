/** A part of a file: text, which is written as UTF-8, or bytes. */
export type Piece = string | Uint8Array;

/** Puts the lines of one file together, a page at a time, in constant memory. Made anew for every pass over the cases. */
export interface Frame {
  start(): Piece;
  add(lines: readonly string[]): Piece;
  end(): Piece;
}

/** JSON Lines: every line ended by a newline, none of them blank. */
export function jsonLinesFrame(): Frame {
  return {
    start: () => '',
    add: (lines) => (lines.length === 0 ? '' : `${lines.join('\n')}\n`),
    end: () => '',
  };
}

/** One JSON array, an element a line. */
export function jsonArrayFrame(): Frame {
  let isFirst = true;
  return {
    start: () => '[',
    add: (lines) => {
      if (lines.length === 0) return '';
      const text = `${isFirst ? '' : ','}\n${lines.join(',\n')}`;
      isFirst = false;
      return text;
    },
    end: () => (isFirst ? ']\n' : '\n]\n'),
  };
}

/** RFC 4180: a header, then rows, each ended by CRLF. */
export function csvFrame(header: string): () => Frame {
  return () => ({
    start: () => `${header}\r\n`,
    add: (lines) => lines.map((line) => `${line}\r\n`).join(''),
    end: () => '',
  });
}
