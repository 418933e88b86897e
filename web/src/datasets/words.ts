/** A value as text: what it is if it is one, as JSON otherwise. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** The last thing that was said of a conversation, the text, or the JSON, in one line. */
export function excerpt(value: unknown): string {
  const last = Array.isArray(value) ? (value.at(-1) as { content?: unknown } | undefined) : null;
  const text =
    typeof last?.content === 'string' ? last.content : typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.slice(0, 400).replaceAll(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 160)}…` : line || 'Empty';
}

export function date(instant: string): string {
  return new Date(instant).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

export function count(value: number, one: string, more = `${one}s`): string {
  return `${value.toLocaleString('en')} ${value === 1 ? one : more}`;
}

/** The first twelve digits of a hash say which one it is to people. */
export function shortHash(hash: string): string {
  return hash.replace('sha256:', '').slice(0, 12);
}
