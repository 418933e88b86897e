import { type ReactNode, useEffect, useRef, useState } from 'react';

import './dialog.css';

interface Props {
  title: string;
  onClose: () => void;
  /** What is typed in it is nowhere else. */
  losesTyped?: boolean;
  /** What else is lost when it closes, in a sentence. */
  loses?: string | null;
  children: ReactNode;
}

/**
 * A dialog that Escape and a click beside it close, and that gives the focus back to where it was. Nothing is lost that
 * way before somebody said so; the buttons inside, which say what they do, close it at once.
 */
export function Dialog({ title, onClose, losesTyped = false, loses = null, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const hasTyped = useRef(false);
  const [isAsking, setIsAsking] = useState(false);
  useEffect(() => {
    const opener = document.activeElement;
    element.current?.showModal();
    return () => giveBack(opener);
  }, []);
  /** Whether it may close. The second time it may: then it was asked. */
  const mayClose = () => {
    if (isAsking || !(loses !== null || (losesTyped && hasTyped.current && hasText(element.current)))) return true;
    setIsAsking(true);
    return false;
  };
  return (
    <dialog
      ref={element}
      aria-labelledby="dialog-title"
      onClose={onClose}
      onCancel={(event) => {
        if (event.target === element.current && !mayClose()) event.preventDefault();
      }}
      onInput={() => {
        hasTyped.current = true;
        setIsAsking(false);
      }}
      onClick={(event) => event.target === element.current && mayClose() && element.current.close()}
    >
      <div className="dialog">
        <h2 id="dialog-title">{title}</h2>
        {children}
        <div role="alert">
          {isAsking && (
            <p className="row losing">
              <span>{loses ?? 'What you wrote is not saved.'}</span>
              <button type="button" className="danger" onClick={() => element.current?.close()}>
                Close all the same <kbd>Esc</kbd>
              </button>
            </p>
          )}
        </div>
      </div>
    </dialog>
  );
}

function hasText(dialog: HTMLDialogElement | null): boolean {
  const fields = dialog?.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea') ?? [];
  return [...fields].some(({ type, readOnly, value }) => {
    return !readOnly && !['checkbox', 'radio', 'date'].includes(type) && value.trim() !== '';
  });
}

/**
 * The focus to what opened the dialog; where that is gone or cannot have it any more, to the page's heading: not to the
 * beginning of everything.
 */
function giveBack(opener: Element | null): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    (opener as HTMLElement | null)?.focus();
    if (document.activeElement !== document.body) return;
    const heading = document.querySelector<HTMLElement>('main h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
  });
}
