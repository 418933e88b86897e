import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';

/** A text as it is, anything else as JSON that a person can read. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** What a correction comes to, or why it is none yet and where in its text, in UTF-16. */
export type Correction = { value: unknown } | { fault: string; at?: number };

/** A corrected text stays text; what was structured must be JSON again, with numbers that can be kept exactly. */
export function readCorrection(text: string, output: unknown): Correction {
  if (typeof output === 'string') return { value: text };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return faultIn(text);
  }
  if (value === null) return { fault: 'A correction cannot be null: reject the output instead.' };
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)) {
    if (token.startsWith('"') || isExact(token)) continue;
    return { fault: `The number ${token.slice(0, 40)} cannot be kept exactly; write it as text.`, at: index };
  }
  return { value };
}

/** Whether a JSON number keeps its value in a double. */
export function isExact(token: string): boolean {
  const value = Number(token);
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  if (Number.isInteger(value)) return Number.isSafeInteger(value);
  return token.replace(/[eE].*$|\D/g, '').replace(/^0+/, '').length <= 17;
}

const SENTENCES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no value: a text needs quotes',
  InvalidNumberFormat: 'this is no number',
  PropertyNameExpected: 'a name in quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'something stands behind the end',
  InvalidCommentToken: 'comments are not allowed',
  UnexpectedEndOfString: 'a closing quote is missing',
  UnexpectedEndOfNumber: 'a number ends too early',
  InvalidUnicode: 'there is a wrong \\u in a text',
  InvalidEscapeCharacter: 'there is a wrong \\ in a text',
  InvalidCharacter: 'there is a line end or a tab inside a text: write \\n or \\t',
};

function faultIn(text: string): Correction {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [error] = errors.toSorted((a, b) => a.offset - b.offset);
  if (!error) return { fault: 'Not valid JSON yet.' };
  const before = text.slice(0, error.offset).split('\n');
  const what = SENTENCES[printParseErrorCode(error.error)] ?? 'something is wrong here';
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  return { fault: `Not valid JSON yet: ${what}, ${place}`, at: error.offset };
}
