import { useState } from 'react';

/** Copies a text; says so. Where the browser does not let it, the text is there to be marked. */
export function CopyButton({ text, name = 'Copy' }: { text: string; name?: string }) {
  const [said, setSaid] = useState<string | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Mark it and copy it by hand');
    }
  };
  return (
    <button type="button" className="copy" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? name}</span>
    </button>
  );
}
