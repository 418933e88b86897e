import type { ApiError } from '../graphql.js';

/** Why something is not shown, or was not done, and how to go on. */
export function Trouble({ error, onRetry }: { error: ApiError; onRetry?: () => void }) {
  const title =
    error.code === 'FORBIDDEN' ? 'Your role may not do this' : error.isPassing ? 'Waiting for the service' : null;
  return (
    <div className="panel trouble-panel" role="alert">
      {title && <strong>{title}. </strong>}
      <span className="lines">{error.message}</span>
      {onRetry && error.isPassing && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Waiting() {
  return (
    <p className="quiet" aria-busy="true">
      Reading…
    </p>
  );
}

export function Empty({ children }: { children: string }) {
  return <p className="panel quiet">{children}</p>;
}

/** An instant as people say it; the rest is in its title. */
export function When({ at }: { at: string }) {
  const then = new Date(at);
  const text = then.toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  return (
    <time dateTime={at} title={then.toISOString()}>
      {text}
    </time>
  );
}

/** NEEDS_ADJUDICATION → needs adjudication */
export function words(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}
