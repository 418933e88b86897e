/** A part of a file: text, which is written as UTF-8, or bytes. */
export type Piece = string | Uint8Array;

/** Puts the lines of one file together, a page at a time, in constant memory. Made anew for every pass over the cases. */
export interface Frame {
  start(): Piece;
  add(lines: readonly string[]): Piece;
  end(): Piece;
}

/** Few enough to die young and to be no large object: what is either stays until the whole heap is collected. */
export const BATCH_CHARACTERS = 32 * 1024;

/** One file, line by line; the frame puts some of them together at a time. */
export class FramedLines {
  private lines: string[] = [];
  private characters = 0;

  constructor(private readonly frame: Frame) {}

  start(): Piece {
    return this.frame.start();
  }

  /** What is to be written by now; often nothing yet. */
  add(line: string): Piece {
    this.lines.push(line);
    this.characters += line.length;
    return this.characters < BATCH_CHARACTERS ? '' : this.flush();
  }

  flush(): Piece {
    const piece = this.frame.add(this.lines);
    this.lines = [];
    this.characters = 0;
    return piece;
  }

  /** After `flush`. */
  end(): Piece {
    return this.frame.end();
  }
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
