import { isNumber, type JsonNode } from './json-node.js';
import { isExact } from './read-correction.js';

interface LeafProps {
  node: JsonNode;
  /** What the value is called, for those who do not see where it stands. */
  name: string;
  onChange: (node: JsonNode) => void;
}

/** Where one value without structure is edited, by its kind. */
export function LeafInput({ node, name, onChange }: LeafProps) {
  switch (node.kind) {
    case 'string':
      return (
        <textarea
          className="leaf"
          rows={1}
          dir="auto"
          aria-label={name}
          value={node.text}
          onChange={(event) => onChange({ ...node, text: event.target.value })}
        />
      );
    case 'number':
      return (
        <input
          className="leaf number"
          inputMode="decimal"
          aria-label={name}
          aria-invalid={!isNumber(node.text) || !isExact(node.text)}
          value={node.text}
          onChange={(event) => onChange({ ...node, text: event.target.value.trim() })}
        />
      );
    case 'boolean':
      return (
        <span className="choices" role="group" aria-label={name}>
          {[true, false].map((value) => (
            <button
              key={String(value)}
              type="button"
              className="choice"
              aria-pressed={node.value === value}
              onClick={() => onChange({ ...node, value })}
            >
              {String(value)}
            </button>
          ))}
        </span>
      );
    case 'null':
    case 'object':
    case 'array':
      return (
        <code className="null" aria-label={name}>
          null
        </code>
      );
  }
}
