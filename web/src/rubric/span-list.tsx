import { useMemo } from 'react';

import { Pieces } from '../evidence/text.js';
import type { InputProps } from './answer-input.js';
import { targetText } from './field.js';
import { optionsOf } from './options.js';
import './span-list.css';
import { indexesOf, spansOf } from './spans.js';

const LONGEST = 60;

/** The stretches that are marked, each to be taken away again. Marking itself is done in the output. */
export function SpanList({ field, value, output, onChange }: InputProps) {
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
  const goTo = () => document.getElementById(`output-text-${field.target ?? ''}`)?.focus();
  return (
    <div className="spans">
      {spans.map((span) => {
        const number = options.findIndex((option) => option.value === span.label);
        const quoted = text.slice(indexes.get(span.start), indexes.get(span.end));
        const without = spans.filter((one) => one !== span);
        return (
          <button
            key={`${span.start} ${span.end} ${span.label}`}
            type="button"
            className={`span-chip hue-${number % 6}`}
            title="Remove this mark"
            onClick={() => onChange(without.length > 0 ? without : undefined)}
          >
            <strong>{options[number]?.label ?? span.label}</strong>
            <q dir="auto">
              <Pieces text={quoted.length > LONGEST ? `${quoted.slice(0, LONGEST)}…` : quoted} />
            </q>
            <span aria-hidden="true">×</span>
          </button>
        );
      })}
      <p className="quiet">
        {spans.length === 0 && !field.minSpans && (
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
