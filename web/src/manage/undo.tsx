interface Props {
  /** Null: there is nothing to take back. */
  undo: (() => void) | null;
  what: string;
}

/** What was thrown away just now, and the way back. */
export function Undo({ undo, what }: Props) {
  if (!undo) return null;
  return (
    <span>
      {what}{' '}
      <button type="button" className="link" onClick={undo}>
        Undo
      </button>{' '}
    </span>
  );
}
