import type { TadaDocumentNode } from 'gql.tada';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';

import { type ApiError, apiError, ask } from './graphql.js';

/** What the service answered last, and what is wrong if the last try failed. */
export interface Reading<Data> {
  readonly data: Data | null;
  readonly error: ApiError | null;
  /** Reads again; what is shown stays until the answer is there. Never rejects. */
  readonly again: () => Promise<void>;
}

/** Reads when the variables change, and when told. An answer that comes after a later question is dropped. */
export function useReading<Data, Variables extends object>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Reading<Data> {
  const key = JSON.stringify(variables);
  const [state, setState] = useState<{ key: string; data: Data | null; error: ApiError | null }>();
  const asked = useRef(0);
  const again = useCallback(async () => {
    const turn = (asked.current += 1);
    const isLatest = () => turn === asked.current;
    try {
      const data = await ask(document, JSON.parse(key) as Variables);
      if (isLatest()) setState({ key, data, error: null });
    } catch (error) {
      if (isLatest()) setState((last) => ({ key, data: last?.key === key ? last.data : null, error: apiError(error) }));
    }
  }, [document, key]);
  useEffect(() => {
    void again();
    return () => {
      asked.current += 1;
    };
  }, [again]);
  return { data: state?.data ?? null, error: state?.error ?? null, again };
}

/** What stands where something is read: nothing yet, what is wrong, or what was read. */
export function Shown<Data>({ reading, children }: { reading: Reading<Data>; children: (data: Data) => ReactNode }) {
  const { data, error, again } = reading;
  return (
    <>
      {error && (
        <p className="mishap" role="alert">
          {error.message}{' '}
          <button type="button" className="link" onClick={() => void again()}>
            Try again
          </button>
        </p>
      )}
      {data === null ? !error && <p className="quiet loading">Reading…</p> : children(data)}
    </>
  );
}
