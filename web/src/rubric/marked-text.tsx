import { useMemo } from 'react';

import { piecesOf } from '../evidence/invisible.js';
import { blocksOf } from '../evidence/text.js';
import { indexesOf, type Span } from './spans.js';

/** A stretch as it is shown: by places in UTF-16, with the number of its label. */
export interface Mark {
  from: number;
  to: number;
  name: string;
  hue: number;
}

/** Where marks stand in a text, in UTF-16. */
export function useMarks(text: string, spans: Span[], nameOf: (span: Span) => { name: string; hue: number }): Mark[] {
  return useMemo(() => {
    const indexes = indexesOf(
      text,
      spans.flatMap(({ start, end }) => [start, end]),
    );
    return spans.map((span) => ({ from: indexes.get(span.start)!, to: indexes.get(span.end)!, ...nameOf(span) }));
    // oxlint-disable-next-line react/exhaustive-deps
  }, [text, spans]);
}

/** A text in pieces that know their place, with its marks, its invisible characters shown. */
export function MarkedText({ text, marks }: { text: string; marks: Mark[] }) {
  const blocks = blocksOf(text);
  let at = 0;
  return blocks.map((block, i) => {
    const start = at;
    at += block.length;
    const here = marks.filter((mark) => mark.from < start + block.length && mark.to > start);
    return (
      <span key={i} className={blocks.length > 1 ? 'block' : undefined}>
        {cut(block, start, here).map(([from, to]) => {
          const over = here.filter((mark) => mark.from < to && mark.to > from);
          const pieces = <PlacedPieces text={text.slice(from, to)} at={from} />;
          if (over.length === 0) return <span key={from}>{pieces}</span>;
          const top = over.at(-1)!;
          return (
            <mark
              key={from}
              className={`hue-${top.hue % 6}${over.length > 1 ? ' several' : ''}`}
              title={over.map((mark) => mark.name).join(', ')}
            >
              {pieces}
            </mark>
          );
        })}
      </span>
    );
  });
}

/** The stretches of a block between which marks begin or end. */
function cut(block: string, start: number, marks: Mark[]): [number, number][] {
  const end = start + block.length;
  const inner = marks.flatMap(({ from, to }) => [from, to]).filter((place) => place > start && place < end);
  const places = [...new Set([start, ...inner, end])].sort((a, b) => a - b);
  return places.slice(0, -1).map((place, i) => [place, places[i + 1]!]);
}

function PlacedPieces({ text, at }: { text: string; at: number }) {
  let place = at;
  return piecesOf(text).map((piece) => {
    const start = place;
    if ('text' in piece) {
      place += piece.text.length;
      return (
        <span key={start} data-at={start}>
          {piece.text}
        </span>
      );
    }
    const size = Number.parseInt(piece.code.slice(2), 16) > 0xffff ? 2 : 1;
    place += size;
    return (
      <span key={start} data-at={start} data-size={size} className="invisible" title={`${piece.name}, ${piece.code}`}>
        {piece.code}
      </span>
    );
  });
}
