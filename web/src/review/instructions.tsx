import { useEffect, useState } from 'react';

import { MarkdownText } from '../evidence/markdown-text.js';
import type { Assignment } from './operations.js';

interface Props {
  queue: Assignment['item']['queue'];
  /** Null until somebody opens or closes them. */
  isOpen: boolean | null;
  onToggle: (isOpen: boolean) => void;
}

/** What a reviewer reads before the first item: open until it was seen in this browser, and again when it changed. */
export function Instructions({ queue, isOpen, onToggle }: Props) {
  const key = `countersign:instructions:${queue.key}`;
  const [isNew] = useState(() => localStorage.getItem(key) !== queue.instructions);
  useEffect(() => {
    try {
      localStorage.setItem(key, queue.instructions);
    } catch {
      // No room: they are shown open once more.
    }
  }, [key, queue.instructions]);
  if (queue.instructions.trim() === '') return null;
  return (
    <details
      className="instructions"
      open={isOpen ?? isNew}
      onToggle={({ currentTarget }) => currentTarget.open !== (isOpen ?? isNew) && onToggle(currentTarget.open)}
    >
      <summary>
        Instructions <kbd>I</kbd>
      </summary>
      <InstructionsText text={queue.instructions} />
    </details>
  );
}

/** Written by managers, in Markdown. Line ends inside a paragraph come from the width of somebody's editor. */
export function InstructionsText({ text }: { text: string }) {
  return (
    <div className="flowing">
      <MarkdownText text={text.trim()} />
    </div>
  );
}
