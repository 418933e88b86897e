import { useState } from 'react';

import './code.css';
import { firstCut, More, Pieces, Text } from './text.js';

const BLOCK_LINES = 100;
const LONG_LINE = 5_000;
const FEWEST = 4;

/**
 * Code and other text in columns, with its lines numbered; the numbers are not selected with it. Of what is very long
 * the beginning is shown, in blocks that the browser lays out as they come in sight.
 */
export function Code({ text }: { text: string }) {
  const [shown, setShown] = useState(() => firstCut(text));
  const lines = text.slice(0, shown).replace(/\n$/, '').split('\n');
  // A line that fills pages needs no number but pieces.
  if (lines.length < FEWEST || lines.some((line) => line.length > LONG_LINE)) return <Text text={text} kind="code" />;
  const blocks = Array.from({ length: Math.ceil(lines.length / BLOCK_LINES) }, (_, i) =>
    lines.slice(i * BLOCK_LINES, (i + 1) * BLOCK_LINES),
  );
  return (
    <>
      <div className={`text code lines digits-${String(lines.length).length}`} dir="ltr" lang="">
        {blocks.map((block, i) => (
          <div
            key={i}
            className={blocks.length > 1 ? 'block' : undefined}
            style={{ counterReset: `line ${i * BLOCK_LINES}` }}
          >
            {block.map((line, j) => (
              <div key={j} className="line" dir="auto">
                <Pieces text={line} />
                {'\n'}
              </div>
            ))}
          </div>
        ))}
      </div>
      {shown < text.length && <More total={text.length} shown={shown} onShow={setShown} />}
    </>
  );
}
