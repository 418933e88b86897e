import { useCallback, useEffect, useRef, useState } from 'react';

import { type ApiError, apiError, ask } from '../../graphql.js';
import { listen } from '../../live.js';
import { type Filter, toItemFilter } from './filter.js';
import { ItemsQuery, type Row, RowsChanged } from './operations.js';

export interface Items {
  rows: Row[] | null;
  total: number | null;
  hasMore: boolean;
  error: ApiError | null;
  /** Changes of items that are not in the list since it was read. */
  missed: number;
  more: () => void;
  reload: () => void;
}

interface Page {
  rows: Row[];
  total: number | null;
  end: string | null;
  hasMore: boolean;
  /** Where the log stood before the first page was read. */
  logEnd: string;
}

/**
 * A page of items, and more when asked for. Items that are shown change as they change; what is new or no longer fits
 * the search is not moved about under somebody's cursor, but counted.
 */
export function useItems(filter: Filter | null): Items {
  const [page, setPage] = useState<Page | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [missed, setMissed] = useState(0);
  const [round, setRound] = useState(0);
  const key = JSON.stringify(filter);
  const known = useRef(new Set<string>());
  known.current = new Set(page?.rows.map(({ id }) => id));

  useEffect(() => {
    let isCurrent = true;
    // Nothing to read: what was found before is not what is asked for now.
    if (key === 'null') {
      setPage(null);
      setError(null);
      return undefined;
    }
    const read = ask(ItemsQuery, { filter: toItemFilter(JSON.parse(key) as Filter) });
    read.then(
      ({ items, log }) => {
        if (!isCurrent) return;
        const { pageInfo, edges, totalCount } = items;
        const rows = edges.map(({ node, excerpt }) => ({ ...node, excerpt }));
        setPage({ rows, total: totalCount, end: pageInfo.endCursor, hasMore: pageInfo.hasNextPage, logEnd: log.end });
        setError(null);
        setMissed(0);
      },
      (failure: unknown) => {
        if (!isCurrent) return;
        setError(apiError(failure));
        // What was found before is not what is asked for now.
        if (apiError(failure).code === 'INVALID_INPUT') setPage(null);
      },
    );
    return () => void (isCurrent = false);
  }, [key, round]);

  const reload = useCallback(() => setRound((count) => count + 1), []);
  const logEnd = page?.logEnd;
  const queue = filter?.queue;
  useEffect(() => {
    if (logEnd === undefined) return undefined;
    return listen(
      RowsChanged,
      { queue: queue ?? null, after: logEnd },
      ({ itemChanged: { item } }) => {
        if (!known.current.has(item.id)) setMissed((count) => count + 1);
        else
          setPage(
            (now) => now && { ...now, rows: now.rows.map((row) => (row.id === item.id ? { ...row, ...item } : row)) },
          );
      },
      reload,
    );
  }, [logEnd, queue, reload]);

  const more = () => {
    if (!page?.end || !filter) return;
    ask(ItemsQuery, { filter: toItemFilter(filter), after: page.end }).then(
      ({ items: { edges, pageInfo } }) =>
        setPage(
          (now) =>
            now && {
              ...now,
              rows: [...now.rows, ...edges.map(({ node, excerpt }) => ({ ...node, excerpt }))],
              end: pageInfo.endCursor,
              hasMore: pageInfo.hasNextPage,
            },
        ),
      (failure: unknown) => setError(apiError(failure)),
    );
  };
  const { rows = null, total = null, hasMore = false } = page ?? {};
  return { rows, total, hasMore, error, missed, more, reload };
}
