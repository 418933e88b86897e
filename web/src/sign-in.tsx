import { type FormEvent, useEffect, useState } from 'react';

import { signIn, signInOnce } from './session.js';

export function SignIn({ onSignedIn, hasEnded }: { onSignedIn: () => Promise<void>; hasEnded: boolean }) {
  const [token, setToken] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  // A sign-in link brings its code behind the #, which no server and no log ever sees.
  useEffect(() => {
    const code = location.pathname === '/sign-in' ? location.hash.slice(1) : '';
    if (!code) return;
    history.replaceState(null, '', '/');
    void enter(() => signInOnce(code));
  }, []);

  async function enter(exchange: () => Promise<void>) {
    setIsBusy(true);
    setTrouble(null);
    try {
      await exchange();
      await onSignedIn();
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
      setIsBusy(false);
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void enter(() => signIn(token.trim()));
  }

  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <img src="/mark.svg" alt="" width="44" height="44" />
        <h1>Countersign</h1>
        {hasEnded && <p role="status">Your session has ended. Sign in again: what you wrote is kept.</p>}
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
          None? Ask an admin for a sign-in link. Whoever runs the service finds a token in what its first start printed,
          or makes one on its machine with <code>npx countersign token</code>.
        </p>
      </form>
    </main>
  );
}
