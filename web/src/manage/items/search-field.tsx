import { useEffect, useRef, useState } from 'react';

import { useKeys } from '../../keys.js';

const PAUSE_MS = 350;
const HINT = 'search-hint';

interface Props {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** Looks in the texts of items, when somebody pauses in typing or at once on Enter. */
export function SearchField({ value = '', onChange }: Props) {
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  const sent = useRef(value);
  useKeys({ '/': () => field.current?.focus() });

  // The address changed by itself (Back, Clear), not by what is typed here.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);

  const send = (typed: string) => {
    const wanted = typed.trim();
    if (wanted === sent.current) return;
    sent.current = wanted;
    latest.current(wanted || undefined);
  };
  useEffect(() => {
    const timer = setTimeout(() => send(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <label className="labelled search">
      <span>
        Text <kbd>/</kbd>
      </span>
      <input
        ref={field}
        type="search"
        value={text}
        maxLength={500}
        placeholder="Words in input, output, context, ids, reviews…"
        aria-describedby={HINT}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key }) => {
          if (key === 'Enter') send(text);
          if (key === 'Escape' && text === '') field.current?.blur();
        }}
      />
      <span id={HINT} className="quiet small">
        All words must be there. <code>&quot;exact phrase&quot;</code> · <code>begin*</code> · <code>-without</code>
      </span>
    </label>
  );
}
