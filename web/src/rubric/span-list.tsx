import { useMemo } from 'react';

import { Pieces } from '../evidence/text.js';
import type { InputProps } from './answer-input.js';
import { targetText } from './field.js';
import { optionsOf } from './options.js';
import './span-list.css';
import { indexesOf, spansOf } from './spans.js';

const LONGEST = 60;

/** The stretches with the words that are marked and the number of their label. */
function useQuotes({ field, value, output }: Pick<InputProps, 'field' | 'value' | 'output'>) {
  const text = targetText(field, output) ?? '';
  const spans = spansOf(value);
  const options = optionsOf(field) ?? [];
  const indexes = useMemo(
    () =>
      indexesOf(
        text,
        spans.flatMap(({ start, end }) => [start, end]),
      ),
    [text, spans],
  );
  return spans.map((span) => {
    const number = options.findIndex((option) => option.value === span.label);
    const words = text.slice(indexes.get(span.start), indexes.get(span.end));
    return {
      span,
      key: `${span.start} ${span.end} ${span.label}`,
      className: `span-chip hue-${number % 6}`,
      inside: (
        <>
          <strong>{options[number]?.label ?? span.label}</strong>
          <q dir="auto">
            <Pieces text={words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words} />
          </q>
        </>
      ),
    };
  });
}

/** The stretches that somebody marked, to be read. */
export function SpanChips(props: Pick<InputProps, 'field' | 'value' | 'output'>) {
  const quotes = useQuotes(props);
  if (quotes.length === 0) return <span className="quiet">nothing</span>;
  return (
    <span className="spans">
      {quotes.map(({ key, className, inside }) => (
        <span key={key} className={className}>
          {inside}
        </span>
      ))}
    </span>
  );
}

/** The stretches that are marked, each to be taken away again. Marking itself is done in the output. */
export function SpanList({ field, value, output, onChange }: InputProps) {
  const quotes = useQuotes({ field, value, output });
  const goTo = () => document.getElementById(`output-text-${field.target ?? ''}`)?.focus();
  return (
    <div className="spans">
      {quotes.map(({ span, key, className, inside }) => {
        const without = quotes.filter((one) => one.span !== span).map((one) => one.span);
        return (
          <button
            key={key}
            type="button"
            className={className}
            title="Remove this mark"
            onClick={() => onChange(without.length > 0 ? without : undefined)}
          >
            {inside}
            <span aria-hidden="true">×</span>
          </button>
        );
      })}
      <p className="quiet">
        {quotes.length === 0 && !field.minSpans && (
          <button
            type="button"
            className="choice none"
            aria-pressed={Array.isArray(value)}
            onClick={() => onChange(Array.isArray(value) ? undefined : [])}
          >
            Nothing to mark
          </button>
        )}{' '}
        <button type="button" className="link" onClick={goTo}>
          Select in the output
        </button>
        , then press its label
      </p>
    </div>
  );
}
