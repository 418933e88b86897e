import { Dialog } from '../dialog.js';

interface EscalateProps {
  /** Kept by whoever opens the dialog: closing it takes nothing that was written. */
  note: string;
  onNote: (note: string) => void;
  onEscalate: () => void;
  onClose: () => void;
}

/** Leaves the item to somebody more senior, who reads the note. */
export function EscalateDialog({ note, onNote, onEscalate, onClose }: EscalateProps) {
  return (
    <Dialog title="Escalate this item" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (note.trim() !== '') onEscalate();
        }}
      >
        <p className="quiet">Somebody more senior decides it, and nobody else is asked. They read your note.</p>
        <label htmlFor="escalate-note">What is to be decided?</label>
        <textarea
          id="escalate-note"
          rows={4}
          dir="auto"
          autoFocus
          required
          maxLength={2000}
          value={note}
          onChange={(event) => onNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
        <div className="row">
          <button type="submit" className="primary">
            Escalate <kbd>Ctrl ⏎</kbd>
          </button>
          <button type="button" onClick={onClose}>
            Keep it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
