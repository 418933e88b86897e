import { type PointerEvent, useRef } from 'react';

import type { InputProps } from './answer-input.js';
import { digitOf, listOf, optionsOf, pick, rankedLength } from './options.js';
import './ranking-input.css';

/**
 * Options in an order. A digit or a click places the next one or takes it back; Alt and an arrow, or dragging, moves one
 * that has its place. What is not placed yet stands below.
 */
export function RankingInput({ field, value, isMarked, onChange }: InputProps) {
  const list = useRef<HTMLOListElement>(null);
  const options = optionsOf(field) ?? [];
  const order = listOf(value);
  const wanted = rankedLength(field);
  const rows = [
    ...order.flatMap((one) => options.find((option) => option.value === one) ?? []),
    ...options.filter((option) => !order.includes(option.value)),
  ];
  const move = (from: number, to: number) => {
    if (from >= order.length || to < 0 || to >= order.length || from === to) return;
    const next = order.filter((_, i) => i !== from);
    next.splice(to, 0, order[from]);
    onChange(next);
  };
  const drag = (event: PointerEvent<HTMLElement>, from: number) => {
    if (from >= order.length) return;
    event.preventDefault();
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    handle.onpointerup = (up) => {
      handle.onpointerup = null;
      const tops = [...list.current!.children].map((row) => row.getBoundingClientRect());
      const to = tops.findIndex((box) => up.clientY < box.bottom);
      move(from, Math.min(to < 0 ? order.length - 1 : to, order.length - 1));
    };
  };
  return (
    <>
      <ol className="ranking" ref={list}>
        {rows.map((option, place) => {
          const isPlaced = place < order.length;
          const index = options.indexOf(option);
          const digit = digitOf(field, index);
          return (
            <li key={String(option.value)} className={isPlaced ? 'placed' : undefined}>
              <button
                type="button"
                className="choice"
                aria-pressed={isPlaced}
                aria-label={isPlaced ? `${option.label}, place ${place + 1}` : option.label}
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                title={option.guidance}
                onClick={() => onChange(pick(field, { [field.name]: value }, index)?.[field.name])}
                onKeyDown={(event) => {
                  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
                  if (!event.altKey || !step) return;
                  event.preventDefault();
                  move(place, place + step);
                }}
              >
                <span className="place">{isPlaced ? place + 1 : '·'}</span>
                <span className="grow">{option.label}</span>
                {isMarked && digit && <kbd>{digit}</kbd>}
              </button>
              {isPlaced && order.length > 1 && (
                <span className="handle" aria-hidden="true" onPointerDown={(event) => drag(event, place)}>
                  ⠿
                </span>
              )}
            </li>
          );
        })}
      </ol>
      <p className="quiet meaning" role="status">
        {order.length < wanted
          ? `${field.top === undefined ? 'All' : 'The best'} ${wanted} in order: ${wanted - order.length} to go`
          : 'Alt ↑ and Alt ↓ move the one in focus'}
      </p>
    </>
  );
}
