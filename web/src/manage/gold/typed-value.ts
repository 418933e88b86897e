/** What was typed: an object or a list if it is one in JSON, the text as it is otherwise. */
export function valueOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export function isJson(text: string): boolean {
  return typeof valueOf(text) !== 'string';
}
