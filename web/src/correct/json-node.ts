import { type Node as Parsed, parseTree } from 'jsonc-parser';

/**
 * One value of a JSON text as it is edited. Numbers stay the text that they were, so that none is changed by being read;
 * the order of names stays as it was written. `id` stays with a value while it is changed.
 */
export type JsonNode = { readonly id: number } & (
  | { readonly kind: 'object'; readonly entries: readonly Entry[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string' | 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
);
export type Kind = JsonNode['kind'];
export type ObjectNode = Extract<JsonNode, { kind: 'object' }>;
export type ArrayNode = Extract<JsonNode, { kind: 'array' }>;

export interface Entry {
  readonly key: string;
  readonly node: JsonNode;
}

let lastId = 0;

/** Null for what is no JSON. */
export function parseNode(text: string): JsonNode | null {
  try {
    JSON.parse(text);
    const tree = parseTree(text, [], { disallowComments: true });
    return tree ? nodeOf(tree, text) : null;
  } catch {
    return null;
  }
}

function nodeOf({ type, offset, length, children = [], value }: Parsed, text: string): JsonNode {
  const id = (lastId += 1);
  switch (type) {
    case 'object': {
      const entries = children.map(({ children: pair }) => ({
        key: String(pair![0]!.value),
        node: nodeOf(pair![1]!, text),
      }));
      return { id, kind: 'object', entries };
    }
    case 'array':
      return { id, kind: 'array', items: children.map((child) => nodeOf(child, text)) };
    case 'boolean':
      return { id, kind: 'boolean', value: value as boolean };
    case 'number':
      return { id, kind: 'number', text: text.slice(offset, offset + length) };
    case 'string':
      return { id, kind: 'string', text: value as string };
    case 'null':
    case 'property':
      return { id, kind: 'null' };
  }
}

/** The text as JSON.stringify writes it with two spaces, so that what was not changed shows no difference. */
export function printNode(node: JsonNode, indent = ''): string {
  const inner = `${indent}  `;
  switch (node.kind) {
    case 'object': {
      const lines = node.entries.map(
        ({ key, node: value }) => `${inner}${JSON.stringify(key)}: ${printNode(value, inner)}`,
      );
      return lines.length > 0 ? `{\n${lines.join(',\n')}\n${indent}}` : '{}';
    }
    case 'array': {
      const lines = node.items.map((item) => `${inner}${printNode(item, inner)}`);
      return lines.length > 0 ? `[\n${lines.join(',\n')}\n${indent}]` : '[]';
    }
    case 'string':
      return JSON.stringify(node.text);
    case 'number':
      return node.text;
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
  }
}

/** An empty value of a kind. */
export function blank(kind: Kind): JsonNode {
  const id = (lastId += 1);
  switch (kind) {
    case 'object':
      return { id, kind, entries: [] };
    case 'array':
      return { id, kind, items: [] };
    case 'string':
      return { id, kind, text: '' };
    case 'number':
      return { id, kind, text: '0' };
    case 'boolean':
      return { id, kind, value: false };
    case 'null':
      return { id, kind };
  }
}

/** A new value of the shape of another: the same names, all of them empty. */
export function blankLike(node: JsonNode | undefined): JsonNode {
  if (node?.kind !== 'object') return blank(node?.kind ?? 'string');
  return {
    id: (lastId += 1),
    kind: 'object',
    entries: node.entries.map(({ key, node: value }) => ({ key, node: blankLike(value) })),
  };
}

/** The same place with another kind of value; what can be read as the new kind is. */
export function converted(node: JsonNode, kind: Kind): JsonNode {
  if (node.kind === kind) return node;
  const from = 'text' in node ? node.text : node.kind === 'boolean' ? String(node.value) : '';
  const to = blank(kind);
  if (to.kind === 'string') return { ...to, text: from };
  if (to.kind === 'number') return { ...to, text: isNumber(from.trim()) ? from.trim() : '0' };
  if (to.kind === 'boolean') return { ...to, value: /^(true|yes|1)$/i.test(from) };
  if (to.kind === 'array' && node.kind !== 'null') return { ...to, items: [node] };
  return to;
}

export function isNumber(text: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text);
}

export function entryOf(node: JsonNode, key: string): JsonNode | undefined {
  return node.kind === 'object' ? node.entries.find((entry) => entry.key === key)?.node : undefined;
}

export function withEntry(node: ObjectNode, key: string, value: JsonNode): ObjectNode {
  const isThere = node.entries.some((entry) => entry.key === key);
  const entries = isThere
    ? node.entries.map((entry) => (entry.key === key ? { key, node: value } : entry))
    : [...node.entries, { key, node: value }];
  return { ...node, entries };
}

export function withoutEntry(node: ObjectNode, key: string): ObjectNode {
  return { ...node, entries: node.entries.filter((entry) => entry.key !== key) };
}

export function withItem(node: ArrayNode, index: number, item: JsonNode): ArrayNode {
  return { ...node, items: node.items.map((one, i) => (i === index ? item : one)) };
}

export function withoutItem(node: ArrayNode, index: number): ArrayNode {
  return { ...node, items: node.items.filter((_, i) => i !== index) };
}
