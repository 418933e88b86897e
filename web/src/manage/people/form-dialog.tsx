import { type ReactNode, useState } from 'react';

import { Dialog } from '../../dialog.js';
import { type ApiError, apiError } from '../../graphql.js';
import { Trouble } from '../states.js';

interface Props {
  title: string;
  action: string;
  isDangerous?: boolean;
  children: ReactNode;
  /** Returns what is to be shown once, and how to use it; nothing closes the dialog. */
  onSubmit: (data: FormData) => Promise<Secret | null>;
  onClose: () => void;
}

export interface Secret {
  text: string;
  use: string;
}

/** A form that the service may refuse; what it makes that nobody can read again is shown until it is put away. */
export function FormDialog({ title, action, isDangerous = false, children, onSubmit, onClose }: Props) {
  const [error, setError] = useState<ApiError | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (data: FormData) => {
    setIsBusy(true);
    setError(null);
    try {
      const made = await onSubmit(data);
      if (made) setSecret(made);
      else onClose();
    } catch (failure) {
      setError(apiError(failure));
    }
    setIsBusy(false);
  };
  return (
    <Dialog
      title={title}
      losesTyped={secret === null}
      loses={secret && 'It is not shown again. Is it kept somewhere?'}
      onClose={onClose}
    >
      {error && <Trouble error={error} />}
      {secret ? (
        <ShownOnce secret={secret} onClose={onClose} />
      ) : (
        <form
          className="stretched"
          onSubmit={(event) => {
            event.preventDefault();
            void submit(new FormData(event.currentTarget));
          }}
        >
          {children}
          <div className="row">
            <button type="submit" className={isDangerous ? 'danger' : 'primary'} disabled={isBusy}>
              {action}
            </button>
            <button type="button" onClick={onClose}>
              Cancel
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function ShownOnce({ secret, onClose }: { secret: Secret; onClose: () => void }) {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <div className="stretched" role="status">
      <p>{secret.use}</p>
      <input
        className="mono"
        readOnly
        aria-label="Shown once"
        value={secret.text}
        autoFocus
        onFocus={({ target }) => target.select()}
      />
      <div className="row">
        {/* Browsers let pages copy only over https and on the machine itself. */}
        {window.isSecureContext && (
          <button
            type="button"
            onClick={() => void navigator.clipboard.writeText(secret.text).then(() => setIsCopied(true))}
          >
            {isCopied ? 'Copied' : 'Copy'}
          </button>
        )}
        <button type="button" className="primary" onClick={onClose}>
          I have kept it
        </button>
      </div>
    </div>
  );
}
