export interface RawProps {
  text: string;
  isCode: boolean;
  isValid: boolean;
  /** The id of what says whether it is right. */
  describedBy: string;
  /** Whether writing begins at once; not where an answer was taken from somebody and single keys go on. */
  takesFocus?: boolean;
  onChange: (text: string) => void;
  onSubmit: () => void;
}

/** A correction as text. */
export function RawEditor({ text, isCode, isValid, describedBy, takesFocus = true, onChange, onSubmit }: RawProps) {
  return (
    <textarea
      id="correction"
      className={isCode ? 'code' : 'prose'}
      aria-label="Corrected output"
      aria-invalid={!isValid}
      aria-describedby={describedBy}
      dir="auto"
      spellCheck={!isCode}
      value={text}
      autoFocus={takesFocus}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          onSubmit();
        }
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
