import { useEffect, useId, useRef } from 'react';

import './output-editor.css';
import { countInvisible, withoutInvisible } from '../evidence/invisible.js';
import { isCode } from '../evidence/shape.js';
import { WordDiff } from '../evidence/word-diff.js';
import { readCorrection, textOf } from './answer.js';

interface EditorProps {
  output: unknown;
  text: string;
  fault: string | null;
  onChange: (text: string) => void;
  onSubmit: () => void;
}

/** Edits the output where it stands, with what the correction changes below it. */
export function OutputEditor({ output, text, fault, onChange, onSubmit }: EditorProps) {
  const id = useId();
  const before = textOf(output);
  const editor = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Not the effect's result: newer browsers return a promise.
    editor.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const isJson = typeof output !== 'string';
  const read = isJson ? readCorrection(text, output) : { value: text };
  const hidden = text.length < 200_000 ? countInvisible(text) : 0;
  return (
    <div className="editor" ref={editor}>
      <textarea
        id="correction"
        className={isJson || isCode(before) ? 'code' : 'prose'}
        aria-label="Corrected output"
        aria-invalid={'fault' in read}
        aria-describedby={id}
        dir="auto"
        spellCheck={!isJson}
        value={text}
        autoFocus
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            onSubmit();
          }
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <p id={id} className={'fault' in read || fault ? 'state trouble' : 'state quiet'} aria-live="polite">
        {'fault' in read ? read.fault : (fault ?? (isJson ? 'Valid JSON' : 'Ctrl Enter submits the correction'))}
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
