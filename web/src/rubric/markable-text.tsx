import { type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';

import { isCode, isMarkdown } from '../evidence/shape.js';
import { firstCut, More } from '../evidence/text.js';
import type { Labels, RubricField } from './field.js';
import './markable-text.css';
import { MarkedText, useMarks } from './marked-text.js';
import { digitOf, optionsOf } from './options.js';
import { placeCursor, selectedIn, type Selected } from './selection.js';
import { pointsBefore, type Span, spansOf, stretch, withSpan } from './spans.js';

/** What keys outside the text can do to it. */
export interface Marker {
  /** Marks what is selected with the label of this digit. False if nothing is selected, or there is no such label. */
  mark(digit: string): boolean;
}

interface MarkableProps {
  /** The question that is answered by marking here. */
  field: RubricField;
  text: string;
  labels: Labels;
  /** Otherwise it keeps its place and takes no marks. */
  isAsked: boolean;
  marker: RefObject<Marker | null>;
  onChange: (spans: Span[] | undefined) => void;
}

/**
 * A text of which stretches are selected, by mouse, touch or keys, and given a label. It takes a cursor as an editor
 * does, so that Shift and arrows select as everywhere, but nothing can be written into it.
 */
export function MarkableText({ field, text, labels, isAsked, marker, onChange }: MarkableProps) {
  const root = useRef<HTMLDivElement>(null);
  const selected = useRef<Selected | null>(null);
  const cursor = useRef<number | null>(null);
  const [shown, setShown] = useState(() => firstCut(text));
  const [refusal, setRefusal] = useState('');
  // What an input method wrote past us is thrown away by drawing everything anew.
  const [drawing, setDrawing] = useState(0);
  const spans = spansOf(labels[field.name]);
  const options = optionsOf(field) ?? [];
  // Markdown as it was written: what is marked are its characters.
  const isSource = isMarkdown(text);
  const marks = useMarks(text, spans, ({ label }) => {
    const hue = options.findIndex((option) => option.value === label);
    return { name: options[hue]?.label ?? label, hue };
  });

  useEffect(() => {
    const onSelect = () => {
      const now = root.current && selectedIn(root.current);
      if (now) selected.current = now;
    };
    document.addEventListener('selectionchange', onSelect);
    return () => document.removeEventListener('selectionchange', onSelect);
  }, []);
  useLayoutEffect(() => {
    if (cursor.current === null || document.activeElement !== root.current) return;
    placeCursor(root.current!, cursor.current);
    cursor.current = null;
  });

  const mark = (index: number): boolean => {
    // The event of the last change may be on its way; where the focus has left the text, what was selected there counts.
    const now = root.current && selectedIn(root.current);
    const { from, to } = now ?? selected.current ?? { from: 0, to: 0 };
    const chosen = stretch(text, from, to);
    const option = options[index];
    if (!isAsked || !chosen || !option) return false;
    const next = withSpan(spans, { ...chosen, label: String(option.value) }, field);
    setRefusal(typeof next === 'string' ? next : '');
    if (typeof next === 'string') return true;
    cursor.current = to;
    selected.current = null;
    document.getSelection()?.collapseToEnd();
    onChange(next.length > 0 ? next : undefined);
    return true;
  };
  useImperativeHandle(marker, () => ({
    mark: (digit) => mark(options.findIndex((_, i) => digitOf(field, i) === digit)),
  }));
  const unmark = () => {
    if (!selected.current) return;
    const at = pointsBefore(text, selected.current.from);
    const rest = spans.filter((span) => at < span.start || at > span.end);
    if (rest.length === spans.length) return;
    cursor.current = selected.current.from;
    onChange(rest.length > 0 ? rest : undefined);
  };

  return (
    <>
      <div className="mark-head">
        <div className="mark-bar" role="toolbar" aria-label={`Labels for ${field.label}`}>
          {options.map((option, i) => (
            <button
              key={String(option.value)}
              type="button"
              className={`mark-label hue-${i % 6}`}
              title={option.guidance}
              // Or the selection would be gone before the click.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => mark(i) || setRefusal('Select some of the output first.')}
            >
              {digitOf(field, i) && <kbd>{digitOf(field, i)}</kbd>} {option.label}
            </button>
          ))}
          <span className="quiet" role="status">
            {refusal || `${spans.length} marked`}
          </span>
          {isSource && <span className="quiet mark-why">Shown as text, so that words can be marked</span>}
        </div>
        {!isAsked && (
          <p className="quiet mark-later">
            {isSource
              ? 'Shown as text, so that words can be marked when that is asked'
              : 'Words are marked here when that is asked'}
          </p>
        )}
      </div>
      <div
        key={drawing}
        ref={root}
        id={`output-text-${field.target ?? ''}`}
        className={`text markable ${isCode(text) ? 'code' : 'prose'}`}
        role="textbox"
        aria-multiline="true"
        aria-readonly="true"
        aria-label={`Output: select words, then press the digit of a label. Delete takes a mark away.`}
        dir="auto"
        lang=""
        tabIndex={0}
        contentEditable={isAsked}
        suppressContentEditableWarning
        spellCheck={false}
        inputMode="none"
        onBeforeInput={(event) => event.preventDefault()}
        onPaste={(event) => event.preventDefault()}
        onCut={(event) => event.preventDefault()}
        onDrop={(event) => event.preventDefault()}
        onDragStart={(event) => event.preventDefault()}
        onCompositionEnd={() => setDrawing((n) => n + 1)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key === 'Backspace' || event.key === 'Delete') unmark();
          const isForKeys =
            event.ctrlKey || event.metaKey || event.altKey || /^(Arrow|Home|End|Page|Tab|Shift)/.test(event.key);
          // A letter is a key of the page and never text; the page listens at the window.
          if (!isForKeys && event.key.length > 1) event.preventDefault();
          if ((event.ctrlKey || event.metaKey) && /^[xvzybiu]$/i.test(event.key)) event.preventDefault();
        }}
      >
        <MarkedText text={text.slice(0, shown)} marks={marks} />
      </div>
      {shown < text.length && <More total={text.length} shown={shown} onShow={setShown} />}
    </>
  );
}
