import type { TadaDocumentNode } from 'gql.tada';
import { useCallback, useEffect, useRef, useState } from 'react';

import { type ApiError, apiError, ask } from './graphql.js';

interface Connection<Node> {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A list of which the first pages were read. */
export interface Pages<Node> {
  /** Null until there is an answer. */
  readonly rows: readonly Node[] | null;
  readonly hasMore: boolean;
  readonly error: ApiError | null;
  readonly more: () => void;
  /** Reads as many pages as there were anew; what is shown stays until they are there. Never rejects. */
  readonly again: () => Promise<void>;
}

/** Reads a connection that the query calls `page`, and more of it when told. */
export function usePages<Node, Variables extends { after?: string | null }>(
  document: TadaDocumentNode<{ page: Connection<Node> }, Variables>,
  variables: Omit<Variables, 'after'>,
): Pages<Node> {
  const key = JSON.stringify(variables);
  const [state, setState] = useState<{ rows: readonly Node[]; end: string | null }>();
  const [error, setError] = useState<ApiError | null>(null);
  const turn = useRef(0);
  const pages = useRef(1);

  const read = useCallback(
    async (from: { rows: readonly Node[]; end: string | null }, count: number) => {
      const mine = (turn.current += 1);
      let { rows, end } = from;
      try {
        for (let n = 0; n < count && (n === 0 || end !== null); n += 1) {
          const { page } = await ask(document, { ...JSON.parse(key), after: end } as Variables);
          rows = [...rows, ...page.edges.map(({ node }) => node)];
          end = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        }
        if (mine !== turn.current) return;
        setState({ rows, end });
        setError(null);
      } catch (failure) {
        if (mine === turn.current) setError(apiError(failure));
      }
    },
    [document, key],
  );
  const again = useCallback(() => read({ rows: [], end: null }, pages.current), [read]);
  useEffect(() => {
    pages.current = 1;
    void again();
    return () => void (turn.current += 1);
  }, [again]);

  const more = () => {
    if (!state?.end) return;
    pages.current += 1;
    void read(state, 1);
  };
  return { rows: state?.rows ?? null, hasMore: Boolean(state?.end), error, more, again };
}
