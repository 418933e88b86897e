import { diffLines, diffWordsWithSpace } from 'diff';
import { useDeferredValue, useMemo } from 'react';

import { Pieces, Text } from './text.js';

const MOST_FOR_WORDS = 30_000;
const PATIENCE_MS = 60;

/** What a correction changes, word by word; by lines where that would take too long. Typing never waits for it. */
export function WordDiff({ before, after }: { before: string; after: string }) {
  const latest = useDeferredValue(after);
  const parts = useMemo(() => difference(before, latest), [before, latest]);
  if (!parts) return <p className="quiet">Too much has changed to show the difference.</p>;
  const added = parts.filter((part) => part.added).length;
  const removed = parts.filter((part) => part.removed).length;
  if (added + removed === 0) return <p className="quiet">Nothing is changed yet.</p>;
  return (
    <div className="diff">
      {parts.map((part, i) =>
        part.added ? (
          <ins key={i}>
            <Inline text={part.value} />
          </ins>
        ) : part.removed ? (
          <del key={i}>
            <Inline text={part.value} />
          </del>
        ) : (
          <Inline key={i} text={shorten(part.value, i === 0, i === parts.length - 1)} />
        ),
      )}
    </div>
  );
}

function Inline({ text }: { text: string }) {
  return text.length > 8_000 ? <Text text={text} /> : <Pieces text={text} />;
}

function difference(before: string, after: string) {
  const options = { timeout: PATIENCE_MS };
  const isShort = before.length + after.length <= MOST_FOR_WORDS;
  return (isShort && diffWordsWithSpace(before, after, options)) || diffLines(before, after, options);
}

const KEPT = 400;

/** Long stretches in which nothing changed are left out. */
function shorten(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= 3 * KEPT) return text;
  const head = isFirst ? '' : text.slice(0, KEPT);
  const tail = isLast ? '' : text.slice(-KEPT);
  return `${head}\n⋯\n${tail}`;
}
