import { useEffect, useRef } from 'react';

const SETTING = 'countersign:single-keys';

export function hasSingleKeys(): boolean {
  return localStorage.getItem(SETTING) !== 'off';
}

/** For those whom single keys disturb: speech input presses them. */
export function setSingleKeys(isOn: boolean): void {
  localStorage.setItem(SETTING, isOn ? 'on' : 'off');
}

/** Single keys, while nothing is being typed and no dialog is open. */
export function useKeys(keys: Record<string, (() => unknown) | undefined>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
      if (target.closest('input, textarea, select, dialog') || document.querySelector('dialog[open]')) return;
      const action = latest.current[event.key.toLowerCase()];
      if (!action || !hasSingleKeys()) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
