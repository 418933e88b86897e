import type { ReactNode } from 'react';

/** A page that has one thing to say. */
export function Notice(props: { title: string; children: ReactNode; action?: string; onAction?: () => unknown }) {
  return (
    <main className="notice">
      <h1>{props.title}</h1>
      <div className="quiet">{props.children}</div>
      {props.action && (
        <button type="button" className="primary" onClick={() => void props.onAction?.()}>
          {props.action}
        </button>
      )}
    </main>
  );
}
