/** A piece of text as it is, or one character that would not be seen. */
export type Piece = { text: string } | { code: string; name: string };

const NAMES: Readonly<Record<number, string>> = {
  0x00ad: 'soft hyphen',
  0x061c: 'Arabic letter mark',
  0x115f: 'Hangul filler',
  0x1160: 'Hangul filler',
  0x180e: 'Mongolian vowel separator',
  0x200b: 'zero-width space',
  0x200c: 'zero-width non-joiner',
  0x200d: 'zero-width joiner',
  0x200e: 'left-to-right mark',
  0x200f: 'right-to-left mark',
  0x2028: 'line separator',
  0x2029: 'paragraph separator',
  0x202a: 'left-to-right embedding',
  0x202b: 'right-to-left embedding',
  0x202c: 'end of embedding',
  0x202d: 'left-to-right override',
  0x202e: 'right-to-left override',
  0x2060: 'word joiner',
  0x2066: 'left-to-right isolate',
  0x2067: 'right-to-left isolate',
  0x2068: 'first strong isolate',
  0x2069: 'end of isolate',
  0x3164: 'Hangul filler',
  0xfeff: 'byte order mark',
  0xffa0: 'Hangul filler',
};

// Controls but tab and line feed, what has no width, what turns the direction of text, and tag characters. The joiner
// between two emoji is left out: it makes one picture of them.
const JOINER = String.raw`(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)\u200D|\u200D(?!\p{Extended_Pictographic})`;
const CONTROLS = String.raw`[\u0000-\u0008\u000B-\u001F\u007F-\u009F]`;
const UNSEEN = String.raw`[\u00AD\u061C\u115F\u1160\u180E\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E007F}]`;
const INVISIBLE = new RegExp(`${JOINER}|${CONTROLS}|${UNSEEN}`, 'gu');

/** Splits a text at the characters that nobody would see but that change what is read, copied or run. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(INVISIBLE)) {
    // Line ends as other systems write them are no secret.
    if (match[0] === '\r' && text[match.index + 1] === '\n') continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    const point = match[0].codePointAt(0)!;
    const isTag = point >= 0xe0020 && point < 0xe007f;
    const name = NAMES[point] ?? (isTag ? `hidden “${String.fromCodePoint(point - 0xe0000)}”` : 'control character');
    pieces.push({ code: `U+${point.toString(16).toUpperCase().padStart(4, '0')}`, name });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

export function countInvisible(text: string): number {
  return piecesOf(text).filter((piece) => 'code' in piece).length;
}

export function withoutInvisible(text: string): string {
  return piecesOf(text)
    .map((piece) => ('text' in piece ? piece.text : ''))
    .join('');
}
