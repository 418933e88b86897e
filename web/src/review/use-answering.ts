import { type RefObject, useRef, useState } from 'react';

import { textOf } from '../correct/read-correction.js';
import { type Labels, type RubricField, shownFields } from '../rubric/field.js';
import type { Marker } from '../rubric/markable-text.js';
import { pickDigit } from '../rubric/options.js';
import type { Problem } from '../rubric/problem.js';
import type { Verdict } from './answer.js';
import type { Desk } from './desk.js';
import type { Hand } from './desk-store.js';

export interface Answering {
  /** Those questions of the rubric that are asked. */
  readonly fields: RubricField[];
  /** The question that digits answer, by name. */
  readonly marked: string | null;
  readonly problem: Problem | null;
  /** The text of the output in which stretches are marked. */
  readonly marker: RefObject<Marker | null>;
  mark(name: string): void;
  change(part: Partial<Hand['work']>): void;
  label(labels: Labels, field: RubricField): void;
  digit(digit: string): void;
  nextQuestion(): void;
  correct(): void;
  finish(verdict: Verdict): void;
}

/** How the item in hand is answered: which question is next, what a digit means, what a verdict still asks for. */
export function useAnswering(
  desk: Pick<Desk, 'change' | 'finish'>,
  { assignment: { item }, work }: Hand,
  all: RubricField[],
): Answering {
  const askedOf = (verdict: string | null, labels: Labels) =>
    shownFields(all, { verdict, labels, output: item.output });
  const fields = askedOf(work.verdict, work.labels);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [marked, setMarked] = useState(() => nextOpen(fields, work.labels));
  const marker = useRef<Marker>(null);

  const change = (part: Partial<Hand['work']>) => {
    setProblem(null);
    desk.change({ ...work, ...part });
  };
  const label = (labels: Labels, { type }: RubricField) => {
    change({ labels });
    // What one press answers leads on to the next question; what takes several stays marked.
    if (['BOOLEAN', 'CHOICE', 'SCALE'].includes(type)) {
      setMarked((now) => nextOpen(askedOf(work.verdict, labels), labels) ?? now);
    }
  };
  const digit = (pressed: string) => {
    const field = fields.find((one) => one.name === marked);
    if (field?.type === 'SPANS' || document.activeElement?.classList.contains('markable')) {
      marker.current?.mark(pressed);
      return;
    }
    const labels = field && pickDigit(field, work.labels, pressed);
    if (field && labels) label(labels, field);
  };
  const nextQuestion = () => {
    const next = fields[(fields.findIndex((one) => one.name === marked) + 1) % fields.length];
    if (!next) return;
    setMarked(next.name);
    focusOn(next);
  };
  /** A verdict may ask for more. What it asks is shown first; the same key again hands the answer in. */
  const finish = (verdict: Verdict) => {
    const already = new Set(fields.map((field) => field.name));
    const further = askedOf(verdict, work.labels).find(
      (field) => !already.has(field.name) && !(field.name in work.labels),
    );
    if (further) {
      change({ verdict });
      setMarked(further.name);
      focusOn(further);
      return;
    }
    const found = desk.finish(verdict);
    setProblem(found);
    if (!found?.at) return;
    if (found.at === 'correction') return focusOnCorrection();
    setMarked(found.at);
    const field = all.find((one) => one.name === found.at);
    if (field) focusOn(field);
  };
  const correct = () => {
    if (work.correction === null) change({ verdict: 'CORRECTED', correction: textOf(item.output) });
    else focusOnCorrection();
  };
  return { fields, marked, problem, marker, mark: setMarked, change, label, digit, nextQuestion, correct, finish };
}

/** The first required question without an answer, else the first without one. */
function nextOpen(fields: RubricField[], labels: Labels): string | null {
  const open = fields.filter((field) => !(field.name in labels));
  return (open.find((field) => field.required) ?? open[0] ?? fields[0])?.name ?? null;
}

function focusOn({ name, type, target = '' }: RubricField): void {
  requestAnimationFrame(() => {
    const text = type === 'SPANS' ? document.getElementById(`output-text-${target}`) : null;
    const place = document.getElementById(`field-${name}`);
    place?.scrollIntoView({ block: 'nearest' });
    (text ?? place?.querySelector<HTMLElement>('button, input, textarea'))?.focus();
  });
}

function focusOnCorrection(): void {
  requestAnimationFrame(() => {
    const place = document.getElementById('correction');
    const isText = place instanceof HTMLTextAreaElement;
    (isText ? place : place?.querySelector<HTMLElement>('input, textarea, button'))?.focus();
  });
}
