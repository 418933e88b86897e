import { lazy, Suspense, useEffect, useId, useRef } from 'react';

import { countInvisible, withoutInvisible } from '../evidence/invisible.js';
import { isCode } from '../evidence/shape.js';
import { WordDiff } from '../evidence/word-diff.js';
import './output-editor.css';
import { RawEditor, type RawProps } from './raw-editor.js';
import { readCorrection, textOf } from './read-correction.js';

/** Loaded apart; where that fails, as without a network, what has structure is edited as JSON. */
const load = () => import('./structured-editor.js').catch(() => ({ default: RawEditor }));
const StructuredEditor = lazy<(props: RawProps) => React.ReactNode>(load);

/** To be called before it is needed. */
export function loadStructuredEditor(): void {
  void load();
}

interface EditorProps {
  output: unknown;
  text: string;
  fault: string | null;
  takesFocus?: boolean;
  onChange: (text: string) => void;
  onSubmit: () => void;
}

/** Edits the output where it stands, with what the correction changes below it. */
export function OutputEditor({ output, text, fault, takesFocus = true, onChange, onSubmit }: EditorProps) {
  const id = useId();
  const before = textOf(output);
  const editor = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Not the effect's result: newer browsers return a promise.
    editor.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  // Also where the cursor was in what has just been removed.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      if (!document.querySelector('dialog[open]')) onSubmit();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onSubmit]);
  const isJson = typeof output !== 'string';
  const read = isJson ? readCorrection(text, output) : { value: text };
  const isValid = !('fault' in read);
  const hidden = text.length < 200_000 ? countInvisible(text) : 0;
  const props = { text, isCode: isJson || isCode(before), isValid, describedBy: id, takesFocus, onChange, onSubmit };
  return (
    <div className="editor" ref={editor}>
      {isJson ? (
        <Suspense fallback={<RawEditor {...props} />}>
          <StructuredEditor {...props} />
        </Suspense>
      ) : (
        <RawEditor {...props} />
      )}
      <p id={id} className={!isValid || fault ? 'state trouble' : 'state quiet'} aria-live="polite">
        <span>
          {isValid ? (fault ?? (isJson ? 'Valid JSON' : 'Ctrl Enter submits the correction')) : read.fault}
          {!isValid && read.at !== undefined && <GoTo at={read.at} />}
        </span>
        {hidden > 0 && (
          <button type="button" className="link" onClick={() => onChange(withoutInvisible(text))}>
            Remove {hidden} invisible {hidden === 1 ? 'character' : 'characters'}
          </button>
        )}
      </p>
      <h3>Changes</h3>
      <WordDiff before={before} after={text} />
    </div>
  );
}

/** Sets the cursor where the fault is. */
function GoTo({ at }: { at: number }) {
  const go = () => {
    const place = document.getElementById('correction');
    if (place instanceof HTMLTextAreaElement) {
      place.focus();
      place.setSelectionRange(at, at);
    } else {
      place?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  };
  return (
    <>
      {' '}
      <button type="button" className="link" onClick={go}>
        Go there
      </button>
    </>
  );
}
