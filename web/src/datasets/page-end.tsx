import type { ReactNode } from 'react';

import type { Paged } from './paged.js';

/** What stands below a list: that it is read, what is wrong, that it is empty, or how to see more. */
export function PageEnd({ list, children }: { list: Paged<unknown>; children: ReactNode }) {
  const { nodes, error, isBusy, hasMore, more, again } = list;
  if (error) {
    return (
      <p className="mishap" role="alert">
        {error.message}{' '}
        <button type="button" className="link" onClick={() => void again()}>
          Try again
        </button>
      </p>
    );
  }
  if (nodes === null) return <p className="quiet">Reading…</p>;
  if (hasMore) {
    return (
      <p>
        <button type="button" disabled={isBusy} onClick={more}>
          {isBusy ? 'Reading…' : 'Show more'}
        </button>
      </p>
    );
  }
  return nodes.length === 0 && !isBusy ? <p className="empty quiet">{children}</p> : null;
}
