import { Code } from './code.js';
import './evidence.css';
import { Prose } from './prose.js';
import { asFields, asMessages, asTable, type Message } from './shape.js';
import { Text } from './text.js';

const LONG_PROMPT = 220;

/**
 * Shows one JSON value as what it is: a text, a conversation, fields, a table, or JSON. AI output is evidence: it is set
 * as text, never as markup, so nothing in it can run, load or link.
 */
export function Evidence({ value }: { value: unknown }) {
  if (typeof value === 'string') return <Prose key={value} text={value} />;
  const messages = asMessages(value);
  if (messages) return <Conversation messages={messages} />;
  const fields = asFields(value);
  if (fields) return <Fields fields={fields} />;
  const table = asTable(value);
  if (table) return <Table {...table} />;
  const json = JSON.stringify(value, null, 2);
  return <Code key={json} text={json} />;
}

function Conversation({ messages }: { messages: Message[] }) {
  return (
    <ol className="messages">
      {messages.map((message, i) => (
        <li
          key={i}
          className={`message ${message.role === 'assistant' || message.role === 'user' ? message.role : 'other'}`}
        >
          {message.role === 'system' && message.content.length > LONG_PROMPT ? (
            <details>
              <summary>
                <span className="role">system</span> <span className="quiet">{message.content.slice(0, 90)}…</span>
              </summary>
              <Text text={message.content} />
            </details>
          ) : (
            <>
              <span className="role">{message.role}</span>
              {message.content !== '' && <Prose text={message.content} />}
            </>
          )}
          {message.calls.map((call, j) => (
            <div key={j} className="call">
              <code>{call.name}</code>
              <Code text={call.args} />
            </div>
          ))}
        </li>
      ))}
    </ol>
  );
}

function Fields({ fields }: { fields: [string, unknown][] }) {
  return (
    <dl className="fields">
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Scalar value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Table({ columns, rows }: { columns: string[]; rows: Record<string, unknown>[] }) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {columns.map((column) => (
                <td key={column}>{column in row && <Scalar value={row[column]} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A text as it is; what is no text looks like what it is, so that 1 and "1" are told apart. */
function Scalar({ value }: { value: unknown }) {
  if (typeof value === 'string') return <Text key={value} text={value} />;
  return <code className={value === null ? 'null' : typeof value}>{String(value)}</code>;
}
