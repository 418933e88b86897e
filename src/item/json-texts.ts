/**
 * The texts and numbers in the beginning of a JSON text, in order and without the keys. It reads what was cut off
 * anywhere, in one pass and without nesting, so no payload is too long or too deep for it.
 */
export function* textsIn(json: string): Generator<string> {
  let at = 0;
  while (at < json.length) {
    const open = json.indexOf('"', at);
    const between = json.slice(at, open === -1 ? json.length : open);
    for (const [number] of between.matchAll(/-?\d[\d.eE+-]*/g)) yield number;
    if (open === -1) return;
    const close = endOfString(json, open + 1);
    at = close + 1;
    if (!/^\s*:/.test(json.slice(at, at + 20))) yield decoded(json.slice(open + 1, close));
  }
}

/** Where the closing quote stands, or would. */
function endOfString(json: string, from: number): number {
  let close = json.indexOf('"', from);
  while (close !== -1 && backslashesBefore(json, close) % 2 === 1) close = json.indexOf('"', close + 1);
  return close === -1 ? json.length : close;
}

function backslashesBefore(json: string, end: number): number {
  let start = end;
  while (json[start - 1] === '\\') start -= 1;
  return end - start;
}

function decoded(raw: string): string {
  if (!raw.includes('\\')) return raw;
  const isWhole = backslashesBefore(raw, raw.length) % 2 === 0;
  const whole = (isWhole ? raw : raw.slice(0, -1)).replace(/(^|[^\\])((?:\\\\)*)\\u[0-9a-fA-F]{0,3}$/, '$1$2');
  return String(JSON.parse(`"${whole}"`));
}
