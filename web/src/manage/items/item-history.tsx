import { useCallback, useEffect, useRef, useState } from 'react';

import { Pieces } from '../../evidence/text.js';
import { type ApiError, apiError, ask } from '../../graphql.js';
import { Trouble, When } from '../states.js';
import { sentenceOf, toneOf } from './event-words.js';
import { type HistoryEvent, HistoryQuery } from './item-operations.js';

/** Who did what and when, from the log. Grows by itself: what is new is read behind what is shown. */
export function ItemHistory({ itemId, changes }: { itemId: string; changes: number }) {
  const [events, setEvents] = useState<HistoryEvent[]>([]);
  const [hasMore, setHasMore] = useState(false);
  const [isComplete, setIsComplete] = useState(true);
  const [error, setError] = useState<ApiError | null>(null);
  const end = useRef<string | null>(null);
  const reading = useRef(Promise.resolve());

  const read = useCallback(() => {
    // One after the other, so that no event is shown twice.
    reading.current = reading.current.then(async () => {
      try {
        const { itemHistory } = await ask(HistoryQuery, { itemId, after: end.current });
        end.current = itemHistory.pageInfo.endCursor ?? end.current;
        setEvents((all) => [...all, ...itemHistory.edges.map(({ node }) => node)]);
        setHasMore(itemHistory.pageInfo.hasNextPage);
        setIsComplete(itemHistory.isComplete);
        setError(null);
      } catch (failure) {
        setError(apiError(failure));
      }
    });
  }, [itemId]);
  useEffect(read, [read, changes]);

  return (
    <section className="panel" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      {error && <Trouble error={error} onRetry={read} />}
      {!isComplete && <p className="quiet">The log is no longer kept so far back; the beginning may be missing.</p>}
      <ol className="history">
        {events.map((event, i) => (
          <li key={i} className={toneOf(event)}>
            <Pieces text={sentenceOf(event)} />
            <span className="quiet">
              <When at={event.at} />
            </span>
          </li>
        ))}
      </ol>
      {hasMore && (
        <button type="button" onClick={read}>
          More
        </button>
      )}
    </section>
  );
}
