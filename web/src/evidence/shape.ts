/** One message of a conversation. */
export interface Message {
  role: string;
  content: string;
  calls: { name: string; args: string }[];
}

/** A conversation as the common APIs write it, or null. */
export function asMessages(value: unknown): Message[] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > 500) return null;
  const messages = value.map(asMessage);
  return messages.every((message) => message !== null) ? messages : null;
}

function asMessage(entry: unknown): Message | null {
  const { role, content, tool_calls: toolCalls } = (entry ?? {}) as Record<string, unknown>;
  if (typeof role !== 'string') return null;
  const calls = Array.isArray(toolCalls) ? toolCalls.map(asCall) : [];
  if (typeof content === 'string') return { role, content, calls };
  if (calls.length > 0 && (content === null || content === undefined)) return { role, content: '', calls };
  if (!Array.isArray(content)) return null;
  const texts = content.map((part) => (part as { text?: unknown } | null)?.text);
  return texts.every((text) => typeof text === 'string') ? { role, content: texts.join('\n'), calls } : null;
}

function asCall(call: unknown): { name: string; args: string } {
  const { function: made, name, arguments: args } = (call ?? {}) as Record<string, unknown>;
  const inner = (made ?? { name, arguments: args }) as { name?: unknown; arguments?: unknown };
  const text = typeof inner.arguments === 'string' ? inner.arguments : JSON.stringify(inner.arguments ?? {}, null, 2);
  return { name: typeof inner.name === 'string' ? inner.name : 'call', args: text };
}

/** The fields of a flat object: few, and none with structure of its own. */
export function asFields(value: unknown): [string, unknown][] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const fields = Object.entries(value);
  const isFlat = fields.every(([, field]) => field === null || typeof field !== 'object');
  return isFlat && fields.length > 0 && fields.length <= 40 && fields.every(([name]) => name.length <= 60)
    ? fields
    : null;
}

/** Rows of flat objects with the same few columns. */
export function asTable(value: unknown): { columns: string[]; rows: Record<string, unknown>[] } | null {
  if (!Array.isArray(value) || value.length < 2 || value.length > 200) return null;
  const fields = value.map(asFields);
  if (!fields.every((one) => one !== null)) return null;
  const columns = [...new Set(fields.flatMap((one) => one.map(([name]) => name)))];
  return columns.length <= 12 ? { columns, rows: value as Record<string, unknown>[] } : null;
}

/** Whether a text reads better in columns of equal width: code, queries, drawn tables. */
export function isCode(text: string): boolean {
  if (
    /^\s*(select|with|insert|update|delete|create|alter|drop|explain)\b[^.!?]*\b(from|into|set|table|as|view|index)\b/i.test(
      text,
    )
  )
    return true;
  if (/^\s*[{[<]/.test(text) && /[}\]>]\s*$/.test(text)) return true;
  if (
    /^(import|from|def|class|function|const|let|var|export|#include|package|public)\s/m.test(text) &&
    /[;{}():]\s*$/m.test(text)
  )
    return true;
  return /\S {3,}\S.*\n.*\S {3,}\S/.test(text) || /^\s*\|.*\|\s*$/m.test(text);
}

const LONGEST_MARKDOWN = 60_000;
/** The reader's time grows with the square of these; nobody writes so many, and somebody hostile may. */
const MOST_STARS = 3_000;
const NESTED = /^(> ?){12}|^( *([-*+]|\d{1,9}[.)]) ){12}/m;

/** Whether a text is written in Markdown: it has a heading, a fence, a table, a list, bold words or a link. */
export function isMarkdown(text: string): boolean {
  if (text.length > LONGEST_MARKDOWN || NESTED.test(text)) return false;
  if ((text.match(/[*_]/g)?.length ?? 0) > MOST_STARS) return false;
  if (/^ {0,3}(```|~~~)/m.test(text) || /^ *\|?( *:?-{3,}:? *\|)+ *(:?-{3,}:? *)?$/m.test(text)) return true;
  if (isCode(text)) return false;
  if (/^ {0,3}#{1,6} \S/m.test(text) || /\*\*\S[^*\n]*\*\*|(^|\s)__\S[^_\n]*__/.test(text)) return true;
  if (/\[[^[\]\n]{0,300}\]\([^()\s]{1,2000}/.test(text)) return true;
  return (text.match(/^ {0,3}([-*+]|\d{1,3}[.)]) \S/gm)?.length ?? 0) >= 2;
}
