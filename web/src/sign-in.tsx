import { type FormEvent, useState } from 'react';

import { signIn } from './session.js';

export function SignIn({ onSignedIn }: { onSignedIn: () => Promise<void> }) {
  const [token, setToken] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setIsBusy(true);
    setTrouble(null);
    try {
      await signIn(token.trim());
      await onSignedIn();
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
      setIsBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <img src="/mark.svg" alt="" width="44" height="44" />
        <h1>Countersign</h1>
        <label htmlFor="token">Personal token</label>
        <input
          id="token"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          placeholder="cst_…"
          value={token}
          onChange={(event) => setToken(event.target.value)}
          autoFocus
          required
        />
        {trouble && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <button type="submit" className="primary" disabled={isBusy || token.trim() === ''}>
          Sign in
        </button>
        <p className="quiet">
          The first start of the service prints one. Lost it? <code>npx countersign token</code> on its machine makes a
          new one.
        </p>
      </form>
    </main>
  );
}
