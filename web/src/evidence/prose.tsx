import { useState } from 'react';

import { Code } from './code.js';
import { MarkdownText } from './markdown-text.js';
import { isCode, isMarkdown } from './shape.js';
import { Text } from './text.js';

const SETTING = 'countersign:markdown';

/** A text as what it is: code with numbered lines, Markdown with its structure or as it was written, or plain. */
export function Prose({ text }: { text: string }) {
  const [isSource, setIsSource] = useState(() => localStorage.getItem(SETTING) === 'source');
  if (!isMarkdown(text)) return isCode(text) ? <Code text={text} /> : <Text text={text} />;
  const turn = () => {
    setIsSource(!isSource);
    try {
      localStorage.setItem(SETTING, isSource ? 'shown' : 'source');
    } catch {
      // No room: it holds for this text.
    }
  };
  return (
    <div className="markdown-frame">
      <button type="button" className="link turn" aria-pressed={isSource} onClick={turn}>
        Source
      </button>
      {isSource ? <Text text={text} /> : <MarkdownText text={text} />}
    </div>
  );
}
