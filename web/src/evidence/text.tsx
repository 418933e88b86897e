import { useState } from 'react';

import { piecesOf } from './invisible.js';

const FIRST = 12_000;
const FIRST_LINES = 200;
const BLOCK = 4_000;

/**
 * Text exactly as it is. Characters that would not be seen get a mark, the direction follows the text, and of what is
 * very long the beginning is shown until more is asked for, in blocks that the browser lays out as they come in sight.
 */
export function Text({ text, kind = 'prose' }: { text: string; kind?: 'prose' | 'code' }) {
  const [shown, setShown] = useState(() => firstCut(text));
  if (text === '') return <p className="quiet">Empty text</p>;
  const isCut = shown < text.length;
  const blocks = blocksOf(text.slice(0, shown));
  return (
    <>
      <div className={`text ${kind}`} dir="auto" lang="">
        {blocks.map((block, i) => (
          <span key={i} className={blocks.length > 1 ? 'block' : undefined}>
            <Pieces text={block} />
          </span>
        ))}
        {isCut && <span className="quiet">…</span>}
      </div>
      {isCut && <More total={text.length} shown={shown} onShow={setShown} />}
    </>
  );
}

/** Asks for more of a text of which only the beginning is shown. */
export function More({ total, shown, onShow }: { total: number; shown: number; onShow: (shown: number) => void }) {
  return (
    <p className="more">
      <button type="button" onClick={() => onShow(Math.min(total, shown * 10))}>
        Show more
      </button>{' '}
      <button type="button" onClick={() => onShow(total)}>
        Show all {amount(total)}
      </button>{' '}
      <span className="quiet">{amount(shown)} are shown</span>
    </p>
  );
}

/** A text with its invisible characters marked. */
export function Pieces({ text }: { text: string }) {
  return piecesOf(text).map((piece, i) =>
    'text' in piece ? (
      piece.text
    ) : (
      <span key={i} className="invisible" title={`${piece.name}, ${piece.code}`}>
        {piece.code}
      </span>
    ),
  );
}

/** A short text is one block, so that its lines wrap as they should; of a long one blocks end at line ends, if it has any. */
export function blocksOf(text: string): string[] {
  if (text.length <= FIRST) return [text];
  const blocks: string[] = [];
  for (let start = 0; start < text.length;) {
    const line = text.indexOf('\n', start + BLOCK);
    let end = line === -1 || line > start + 4 * BLOCK ? start + 4 * BLOCK : line + 1;
    // Never through the middle of a character.
    if (/[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) end += 1;
    blocks.push(text.slice(start, end));
    start = end;
  }
  return blocks;
}

export function firstCut(text: string): number {
  let end = Math.min(text.length, FIRST);
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    if (lines === FIRST_LINES) end = at + 1;
  }
  // Not worth a button.
  return text.length - end < 200 ? text.length : end;
}

function amount(characters: number): string {
  return `${characters.toLocaleString('en')} characters`;
}
