/** A JSON value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One message of a conversation, in the only form that is called one: a known role and text, nothing else. */
export interface Message {
  readonly role: string;
  readonly content: string;
}

/** An input or output with what it is said outright, so that no suite has to guess. */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'messages'; readonly messages: readonly Message[] }
  | { readonly kind: 'json'; readonly value: Json };

const roles = new Set(['system', 'developer', 'user', 'assistant', 'tool']);

/** Names the kind of a value without changing it. What is not exactly a list of messages is JSON. */
export function contentOf(value: Json): Content {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (isConversation(value)) {
    return { kind: 'messages', messages: value.map(({ role, content }) => ({ role, content })) };
  }
  return { kind: 'json', value };
}

/** The value that `contentOf` was given. */
export function valueOf(content: Content): Json {
  if (content.kind === 'text') return content.text;
  if (content.kind === 'messages') return content.messages.map(({ role, content: text }) => ({ role, content: text }));
  return content.value;
}

/** The value as one string: text as it is, everything else as JSON. */
export function asText(content: Content): string {
  return content.kind === 'text' ? content.text : JSON.stringify(valueOf(content));
}

function isConversation(value: Json): value is readonly (Json & Message)[] {
  return Array.isArray(value) && value.length > 0 && value.every(isMessage);
}

function isMessage(value: Json): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const { role, content } = value as Record<string, Json>;
  return Object.keys(value).length === 2 && typeof role === 'string' && roles.has(role) && typeof content === 'string';
}
