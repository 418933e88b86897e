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
  return <Branch node={node} name={name} depth={depth} onChange={onChange} />;
}

type BranchProps = NodeProps & { node: ObjectNode | ArrayNode; depth: number };

function Branch({ node, name, depth, onChange }: BranchProps) {
  const [shown, setShown] = useState(FIRST);
  const rows: Entry[] =
    node.kind === 'object' ? [...node.entries] : node.items.map((item, i) => ({ key: String(i + 1), node: item }));
  const put = (i: number, value: JsonNode) =>
    onChange(node.kind === 'object' ? withEntry(node, rows[i]!.key, value) : withItem(node, i, value));
  const remove = (i: number) =>
    onChange(node.kind === 'object' ? withoutEntry(node, rows[i]!.key) : withoutItem(node, i));
  return (
    <div className="tree">
      {rows.slice(0, shown).map(({ key, node: value }, i) => (
        <Twig
          key={value.id}
          label={key}
          node={value}
          name={depth === 0 ? key : `${name} ${key}`}
          depth={depth + 1}
          onChange={(next) => put(i, next)}
          onRemove={() => remove(i)}
        />
      ))}
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

interface TwigProps extends NodeProps {
  label: string;
  depth: number;
  onRemove: () => void;
}

/** One value with its name, its kind, and what it holds below it. */
function Twig({ label, node, name, depth, onChange, onRemove }: TwigProps) {
  const isDeep = node.kind === 'object' || node.kind === 'array';
  const count = node.kind === 'object' ? node.entries.length : node.kind === 'array' ? node.items.length : 0;
  const [isOpen, setIsOpen] = useState(depth <= 3 && count <= OPEN_TO);
  const noun = node.kind === 'array' ? ['entry', 'entries'] : ['field', 'fields'];
  return (
    <div className="twig">
      <span className="key">
        <Pieces text={label} />
      </span>
      {isDeep ? (
        <button type="button" className="plain fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? '▾' : '▸'} {count} {noun[count === 1 ? 0 : 1]}
          <span className="sr"> of {name}</span>
        </button>
      ) : (
        <LeafInput node={node} name={name} onChange={onChange} />
      )}
      <KindSelect node={node} name={name} onChange={onChange} />
      <button type="button" className="plain remove" aria-label={`Remove ${name}`} onClick={onRemove}>
        ×
      </button>
      {isDeep && isOpen && (
        <div className="branch">
          <Branch node={node} name={name} depth={depth} onChange={onChange} />
        </div>
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
