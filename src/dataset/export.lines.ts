import { type CaseKey, caseOfLine, type StoredCase } from './formats/format.js';

const NEWLINE = 10;

/** The cases of a page of records; each is an object only while it is looked at. */
export function* casesIn(lines: Buffer): Generator<StoredCase, void> {
  for (const line of textsIn(lines, 'utf8')) yield caseOfLine(line);
}

/** The keys of a page of keys, as `keyPage` writes them. */
export function* keysIn(lines: Buffer): Generator<CaseKey, void> {
  for (const line of textsIn(lines, 'latin1')) {
    const [id = '', revision, contentHash = '', split = ''] = line.split(' ');
    yield { id, revision: Number(revision), contentHash, split };
  }
}

function* textsIn(lines: Buffer, encoding: 'utf8' | 'latin1'): Generator<string, void> {
  for (let start = 0; start < lines.length;) {
    const end = lines.indexOf(NEWLINE, start);
    yield lines.toString(encoding, start, end);
    start = end + 1;
  }
}
