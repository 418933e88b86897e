import type { TadaDocumentNode } from 'gql.tada';
import { useCallback, useEffect, useRef, useState } from 'react';

import { type ApiError, apiError, ask } from '../graphql.js';

interface PageInfo {
  hasNextPage: boolean;
  endCursor: string | null;
}

export interface Paged<Node> {
  /** Null until the first page is there. */
  readonly nodes: readonly Node[] | null;
  readonly hasMore: boolean;
  readonly isBusy: boolean;
  readonly error: ApiError | null;
  readonly more: () => void;
  /** From the start; what is shown stays until the answer is there. */
  readonly again: () => Promise<void>;
}

/** A list that is read page by page. `variables` ask what; a change of them starts over. */
export function usePages<Data, Variables extends object, Node>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  pageOf: (data: Data) => { edges: readonly { node: Node }[]; pageInfo: PageInfo },
): Paged<Node> {
  const key = JSON.stringify(variables);
  const [nodes, setNodes] = useState<readonly Node[] | null>(null);
  const [end, setEnd] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(true);
  const [error, setError] = useState<ApiError | null>(null);
  const turn = useRef(0);
  const read = useRef(pageOf);
  read.current = pageOf;

  const load = useCallback(
    async (after: string | null) => {
      const mine = (turn.current += 1);
      setBusy(true);
      try {
        const { edges, pageInfo } = read.current(
          await ask(document, { ...(JSON.parse(key) as object), after } as unknown as Variables),
        );
        if (mine !== turn.current) return;
        const found = edges.map(({ node }) => node);
        setNodes((shown) => (after === null ? found : [...(shown ?? []), ...found]));
        setEnd(pageInfo.hasNextPage ? pageInfo.endCursor : null);
        setError(null);
      } catch (failure) {
        if (mine === turn.current) setError(apiError(failure));
      }
      if (mine === turn.current) setBusy(false);
    },
    [document, key],
  );
  useEffect(() => {
    void load(null);
    return () => {
      turn.current += 1;
    };
  }, [load]);
  return {
    nodes,
    hasMore: end !== null,
    isBusy,
    error,
    more: () => void load(end),
    again: () => load(null),
  };
}
