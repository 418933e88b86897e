/**
 * Shows one JSON value as what it is. AI output is evidence: it is set as text, never as markup, so nothing in it can
 * run, load or link.
 */
export function Evidence({ value }: { value: unknown }) {
  const messages = asMessages(value);
  if (messages) {
    return (
      <ol className="messages">
        {messages.map((message, i) => (
          <li key={i}>
            <span className="role">{message.role}</span>
            <pre dir="auto">{message.content}</pre>
          </li>
        ))}
      </ol>
    );
  }
  return <pre dir="auto">{textOf(value)}</pre>;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function asMessages(value: unknown): { role: string; content: string }[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const messages = value.map((entry: unknown) => {
    const { role, content } = (entry ?? {}) as { role?: unknown; content?: unknown };
    return typeof role === 'string' && typeof content === 'string' ? { role, content } : null;
  });
  return messages.every((message) => message !== null) ? messages : null;
}
