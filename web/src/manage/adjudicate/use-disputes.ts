import type { ResultOf } from 'gql.tada';
import { useCallback, useEffect, useRef, useState } from 'react';

import { type ApiError, apiError, ask } from '../../graphql.js';
import { listen } from '../../live.js';
import type { Detail } from '../item-detail.js';
import { DisputeChanged, DisputeQuery, DisputesQuery } from './operations.js';

export interface Disputes {
  /** The items that wait for a decision, the longest waiting first; null until they are known. */
  ids: string[] | null;
  /** False where more wait than are read. */
  areAll: boolean;
  error: ApiError | null;
  reload: () => void;
  /** Decided here: it need not be heard of. */
  settle: (id: string) => void;
}

/** Pages of 100 that are read at most: a list of ids, which nobody comes to the end of. */
const MOST_PAGES = 50;

/** All items that wait for a decision. They come newest first, and the longest waiting is decided first: so all are read. */
async function readAll(queue: string | null): Promise<{ ids: string[]; areAll: boolean; logEnd: string }> {
  const ids: string[] = [];
  let logEnd: string | null = null;
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, log }: ResultOf<typeof DisputesQuery> = await ask(DisputesQuery, { queue, after });
    ids.push(...items.edges.map(({ node }) => node.id));
    // What changes while it is read is heard of after it.
    logEnd ??= log.end;
    after = items.pageInfo.endCursor;
    if (!items.pageInfo.hasNextPage) return { ids, areAll: true, logEnd };
  }
  return { ids, areAll: false, logEnd: logEnd! };
}

/** Which items need adjudication, kept up to date by the log. */
export function useDisputes(queue: string | null): Disputes {
  const [ids, setIds] = useState<string[] | null>(null);
  const [areAll, setAreAll] = useState(true);
  const [error, setError] = useState<ApiError | null>(null);
  const [round, setRound] = useState(0);
  const [after, setAfter] = useState<string | null>(null);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  const settle = useCallback((id: string) => setIds((all) => all && all.filter((one) => one !== id)), []);
  useEffect(() => {
    let isCurrent = true;
    readAll(queue).then(
      (read) => {
        if (!isCurrent) return;
        // Ids are in the order of arrival.
        setIds(read.ids.sort());
        setAreAll(read.areAll);
        setAfter(read.logEnd);
        setError(null);
      },
      (failure: unknown) => isCurrent && setError(apiError(failure)),
    );
    return () => void (isCurrent = false);
  }, [queue, round]);
  useEffect(() => {
    if (after === null) return undefined;
    return listen(
      DisputeChanged,
      { queue, after },
      ({ itemChanged: { item } }) =>
        setIds((all) => {
          const others = (all ?? []).filter((one) => one !== item.id);
          if (item.status !== 'NEEDS_ADJUDICATION') return others.length === all?.length ? all : others;
          return all?.includes(item.id) ? all : [...others, item.id];
        }),
      reload,
    );
  }, [queue, after, reload]);
  return { ids, areAll, error, reload, settle };
}

export interface Dispute {
  item: Detail | null | undefined;
  error: ApiError | null;
}

/** The item in hand, and the next one already read, so that it is there at once. */
export function useDispute(id: string | null, next: string | null): Dispute {
  const read = useRef(new Map<string, Promise<Detail | null>>());
  const [shown, setShown] = useState<Dispute & { id: string | null }>({ id: null, item: undefined, error: null });
  useEffect(() => {
    const get = (wanted: string) => {
      const known = read.current.get(wanted) ?? ask(DisputeQuery, { id: wanted }).then(({ item }) => item);
      read.current.set(wanted, known);
      known.catch(() => read.current.delete(wanted));
      return known;
    };
    let isCurrent = true;
    if (id !== null) {
      get(id).then(
        (item) => isCurrent && setShown({ id, item, error: null }),
        (failure: unknown) => isCurrent && setShown({ id, item: undefined, error: apiError(failure) }),
      );
    }
    if (next !== null) void get(next).catch(() => undefined);
    for (const known of read.current.keys()) if (known !== id && known !== next) read.current.delete(known);
    return () => void (isCurrent = false);
  }, [id, next]);
  return shown.id === id ? shown : { item: undefined, error: null };
}
