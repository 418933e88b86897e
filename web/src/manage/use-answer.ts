import type { TadaDocumentNode } from 'gql.tada';
import { useCallback, useEffect, useRef, useState } from 'react';

import { type ApiError, apiError, ask } from '../graphql.js';

export interface Answered<Data> {
  /** What was read last; null until something was. */
  data: Data | null;
  error: ApiError | null;
  reload: () => void;
  /** Changes what is shown without asking again. */
  change: (edit: (data: Data) => Data) => void;
}

/** What the service answers, read anew when the variables change or when asked to. An answer that comes late is dropped. */
export function useAnswer<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Answered<Data> {
  const [data, setData] = useState<Data | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [round, setRound] = useState(0);
  const key = JSON.stringify(variables);
  const latest = useRef(0);
  useEffect(() => {
    const mine = ++latest.current;
    const isLatest = () => mine === latest.current;
    ask(document, JSON.parse(key) as Variables).then(
      (answer) => isLatest() && (setData(answer), setError(null)),
      (failure: unknown) => isLatest() && setError(apiError(failure)),
    );
    return () => void (latest.current += 1);
  }, [document, key, round]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  const change = useCallback((edit: (data: Data) => Data) => setData((now) => now && edit(now)), []);
  return { data, error, reload, change };
}
