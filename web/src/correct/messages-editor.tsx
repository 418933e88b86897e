import {
  type ArrayNode,
  blank,
  entryOf,
  type JsonNode,
  type ObjectNode,
  withEntry,
  withItem,
  withoutEntry,
  withoutItem,
} from './json-node.js';
import { TreeEditor } from './tree-editor.js';

const ROLES = ['system', 'user', 'assistant', 'tool'];

/** Whether a value is a conversation whose messages can be edited one by one. */
export function isConversation(node: JsonNode): node is ArrayNode {
  return node.kind === 'array' && node.items.length > 0 && node.items.every(isMessage);
}

function isMessage(node: JsonNode): boolean {
  const content = entryOf(node, 'content');
  if (entryOf(node, 'role')?.kind !== 'string') return false;
  if (content?.kind === 'array') return content.items.every((part) => entryOf(part, 'text')?.kind === 'string');
  return content?.kind === 'string' || entryOf(node, 'tool_calls')?.kind === 'array';
}

interface Props {
  node: ArrayNode;
  onChange: (node: JsonNode) => void;
}

/** A conversation, message by message, with the tools that were called. */
export function MessagesEditor({ node, onChange }: Props) {
  const add = () => {
    const role = entryOf(node.items.at(-1)!, 'role');
    const next = role && 'text' in role && role.text === 'assistant' ? 'user' : 'assistant';
    const message = withEntry(blank('object') as ObjectNode, 'role', { ...blank('string'), text: next } as JsonNode);
    onChange({ ...node, items: [...node.items, withEntry(message, 'content', blank('string'))] });
  };
  return (
    <ol className="messages">
      {node.items.map((item, i) => (
        <li key={item.id} className="message edited">
          <MessageEditor
            message={item as ObjectNode}
            number={i + 1}
            onChange={(next) => onChange(withItem(node, i, next))}
            onRemove={node.items.length > 1 ? () => onChange(withoutItem(node, i)) : undefined}
          />
        </li>
      ))}
      <li>
        <button type="button" className="link" onClick={add}>
          Add a message
        </button>
      </li>
    </ol>
  );
}

interface MessageProps {
  message: ObjectNode;
  number: number;
  onChange: (message: ObjectNode) => void;
  onRemove: (() => void) | undefined;
}

function MessageEditor({ message, number, onChange, onRemove }: MessageProps) {
  const role = textIn(message, 'role');
  const content = entryOf(message, 'content');
  const calls = entryOf(message, 'tool_calls');
  const others = { ...message, entries: message.entries.filter(({ key }) => !SHOWN.includes(key)) };
  const putAll = (next: JsonNode) => {
    if (next.kind !== 'object') return;
    onChange({ ...message, entries: [...message.entries.filter(({ key }) => SHOWN.includes(key)), ...next.entries] });
  };
  return (
    <>
      <div className="message-head">
        <select
          className="kind"
          aria-label={`Role of message ${number}`}
          value={role}
          onChange={(event) => onChange(withText(message, 'role', event.target.value))}
        >
          {[...new Set([...ROLES, role])].map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
        <span className="grow" />
        {onRemove && (
          <button type="button" className="plain remove" aria-label={`Remove message ${number}`} onClick={onRemove}>
            ×
          </button>
        )}
      </div>
      {content?.kind === 'string' && (
        <Prose
          name={`Message ${number}`}
          node={content}
          onChange={(next) => onChange(withEntry(message, 'content', next))}
        />
      )}
      {content?.kind === 'array' &&
        content.items.map((part, i) => (
          <Prose
            key={part.id}
            name={`Message ${number}, part ${i + 1}`}
            node={entryOf(part, 'text')!}
            onChange={(next) =>
              onChange(withEntry(message, 'content', withItem(content, i, withEntry(part as ObjectNode, 'text', next))))
            }
          />
        ))}
      {calls?.kind === 'array' &&
        calls.items.map((call, i) => (
          <CallEditor
            key={call.id}
            call={call}
            name={`Call ${i + 1} of message ${number}`}
            onChange={(next) => onChange(withEntry(message, 'tool_calls', withItem(calls, i, next)))}
            onRemove={() => {
              const rest = withoutItem(calls, i);
              onChange(
                rest.items.length > 0 || content?.kind !== 'string'
                  ? withEntry(message, 'tool_calls', rest)
                  : withoutEntry(message, 'tool_calls'),
              );
            }}
          />
        ))}
      {others.entries.length > 0 && (
        <details>
          <summary>Other fields</summary>
          <TreeEditor node={others} name={`Message ${number}`} onChange={putAll} />
        </details>
      )}
    </>
  );
}

const SHOWN = ['role', 'content', 'tool_calls'];

interface CallProps {
  call: JsonNode;
  name: string;
  onChange: (call: JsonNode) => void;
  onRemove: () => void;
}

/** One call of a tool, in either of the usual forms; anything else field by field. */
function CallEditor({ call, name, onChange, onRemove }: CallProps) {
  const made = entryOf(call, 'function') ?? call;
  const args = entryOf(made, 'arguments');
  const put = (next: ObjectNode) => onChange(made === call ? next : withEntry(call as ObjectNode, 'function', next));
  return (
    <div className="call">
      <div className="message-head">
        {entryOf(made, 'name')?.kind === 'string' && made.kind === 'object' ? (
          <input
            className="leaf code"
            aria-label={`${name}: tool`}
            value={textIn(made, 'name')}
            onChange={(event) => put(withText(made, 'name', event.target.value))}
          />
        ) : (
          <span className="grow" />
        )}
        <button type="button" className="plain remove" aria-label={`Remove ${name}`} onClick={onRemove}>
          ×
        </button>
      </div>
      {made.kind === 'object' && args?.kind === 'string' ? (
        <>
          <textarea
            className="code"
            rows={2}
            spellCheck={false}
            aria-label={`${name}: arguments`}
            value={args.text}
            onChange={(event) => put(withText(made, 'arguments', event.target.value))}
          />
          {!isJson(args.text) && (
            <p className="quiet">These arguments are not valid JSON; they are kept as this text.</p>
          )}
        </>
      ) : (
        <TreeEditor
          node={args ?? made}
          name={name}
          onChange={(next) =>
            args && made.kind === 'object' ? put(withEntry(made, 'arguments', next)) : onChange(next)
          }
        />
      )}
    </div>
  );
}

function Prose({ node, name, onChange }: { node: JsonNode; name: string; onChange: (node: JsonNode) => void }) {
  return (
    <textarea
      className="prose"
      rows={2}
      dir="auto"
      aria-label={name}
      value={'text' in node ? node.text : ''}
      onChange={(event) => onChange({ id: node.id, kind: 'string', text: event.target.value })}
    />
  );
}

function textIn(node: JsonNode, key: string): string {
  const entry = entryOf(node, key);
  return entry && 'text' in entry ? entry.text : '';
}

function withText(node: ObjectNode, key: string, text: string): ObjectNode {
  const { id } = entryOf(node, key) ?? blank('string');
  return withEntry(node, key, { id, kind: 'string', text });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
