import { type FormEvent, useState } from 'react';

import { Pieces } from '../evidence/text.js';
import {
  type ArrayNode,
  blank,
  blankLike,
  converted,
  type Entry,
  type JsonNode,
  type Kind,
  type ObjectNode,
  withEntry,
  withItem,
  withoutEntry,
  withoutItem,
} from './json-node.js';
import { LeafInput } from './leaf-input.js';

const KINDS: Readonly<Record<Kind, string>> = {
  string: 'text',
  number: 'number',
  boolean: 'true/false',
  null: 'null',
  object: 'fields',
  array: 'list',
};
const FIRST = 100;
const OPEN_TO = 40;

export interface NodeProps {
  node: JsonNode;
  name: string;
  depth?: number;
  onChange: (node: JsonNode) => void;
}

/** A JSON value, field by field. What is deep or long opens when asked to. */
export function TreeEditor({ node, name, depth = 0, onChange }: NodeProps) {
  if (node.kind !== 'object' && node.kind !== 'array') return <LeafInput node={node} name={name} onChange={onChange} />;
  if (depth === 0) return <Children node={node} name={name} depth={depth} onChange={onChange} />;
  return <Folded node={node} name={name} depth={depth} onChange={onChange} />;
}

type ContainerProps = NodeProps & { node: ObjectNode | ArrayNode; depth: number };

function Folded(props: ContainerProps) {
  const count = sizeOf(props.node);
  const [isOpen, setIsOpen] = useState(props.depth <= 3 && count <= OPEN_TO);
  return (
    <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {count} {props.node.kind === 'array' ? (count === 1 ? 'entry' : 'entries') : count === 1 ? 'field' : 'fields'}
      </summary>
      {isOpen && <Children {...props} />}
    </details>
  );
}

const sizeOf = (node: ObjectNode | ArrayNode) => (node.kind === 'object' ? node.entries.length : node.items.length);

function Children({ node, name, depth, onChange }: ContainerProps) {
  const [shown, setShown] = useState(FIRST);
  const rows: Entry[] =
    node.kind === 'object' ? [...node.entries] : node.items.map((item, i) => ({ key: String(i + 1), node: item }));
  const put = (i: number, value: JsonNode) =>
    onChange(node.kind === 'object' ? withEntry(node, rows[i]!.key, value) : withItem(node, i, value));
  const remove = (i: number) =>
    onChange(node.kind === 'object' ? withoutEntry(node, rows[i]!.key) : withoutItem(node, i));
  return (
    <div className="tree">
      {rows.slice(0, shown).map(({ key, node: value }, i) => {
        const full = depth === 0 ? key : `${name} ${key}`;
        return (
          <div key={value.id} className={value.kind === 'object' || value.kind === 'array' ? 'twig deep' : 'twig'}>
            <span className="key">
              <Pieces text={key} />
            </span>
            <TreeEditor node={value} name={full} depth={depth + 1} onChange={(next) => put(i, next)} />
            <KindSelect node={value} name={full} onChange={(next) => put(i, next)} />
            <button type="button" className="plain remove" aria-label={`Remove ${full}`} onClick={() => remove(i)}>
              ×
            </button>
          </div>
        );
      })}
      {rows.length > shown && (
        <button type="button" onClick={() => setShown(shown * 10)}>
          Show more of {rows.length}
        </button>
      )}
      {node.kind === 'array' ? (
        <button
          type="button"
          className="link"
          onClick={() => onChange({ ...node, items: [...node.items, blankLike(node.items.at(-1))] })}
        >
          Add an entry{depth > 0 && <span className="sr"> to {name}</span>}
        </button>
      ) : (
        <AddField node={node} name={name} depth={depth} onChange={onChange} />
      )}
    </div>
  );
}

function KindSelect({ node, name, onChange }: Omit<NodeProps, 'depth'>) {
  return (
    <select
      className="kind"
      aria-label={`Kind of ${name}`}
      value={node.kind}
      onChange={(event) => onChange({ ...converted(node, event.target.value as Kind), id: node.id })}
    >
      {Object.entries(KINDS).map(([kind, label]) => (
        <option key={kind} value={kind}>
          {label}
        </option>
      ))}
    </select>
  );
}

function AddField({ node, name, depth, onChange }: NodeProps & { node: ObjectNode; depth: number }) {
  const [key, setKey] = useState<string | null>(null);
  const isTaken = node.entries.some((entry) => entry.key === key);
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (key === null || isTaken) return;
    onChange(withEntry(node, key, blank('string')));
    setKey(null);
  };
  if (key === null) {
    return (
      <button type="button" className="link" onClick={() => setKey('')}>
        Add a field{depth > 0 && <span className="sr"> to {name}</span>}
      </button>
    );
  }
  return (
    <form className="add" onSubmit={add}>
      <input
        aria-label="Name of the new field"
        placeholder="Name"
        aria-invalid={isTaken}
        value={key}
        autoFocus
        onChange={(event) => setKey(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && setKey(null)}
      />
      <button disabled={isTaken}>Add</button>
    </form>
  );
}
