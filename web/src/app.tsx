import { useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';

import { apiError, ask, graphql, onSignedOut } from './graphql.js';
import { Notice } from './notice.js';
import { signOut, type Who } from './session.js';
import { Shell } from './shell.js';
import { SignIn } from './sign-in.js';

const ViewerQuery = graphql(`
  query Viewer {
    viewer {
      project
      role
      member {
        id
        name
      }
    }
  }
`);

const SignOutEverywhere = graphql(`
  mutation SignOutEverywhere {
    signOutEverywhere(input: {}) {
      ended
    }
  }
`);

/** Who is signed in decides what is shown; until that is known, nothing flickers. */
export function App() {
  const [who, setWho] = useState<Who | null | undefined>(undefined);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [wasSignedIn, setWasSignedIn] = useState(false);

  const load = useCallback(async () => {
    try {
      const { viewer } = await ask(ViewerQuery, {});
      const { member, project, role } = viewer;
      setTrouble(null);
      setWho(member ? { id: member.id, project, name: member.name, role: role ?? '' } : null);
      setWasSignedIn(true);
    } catch (error) {
      if (apiError(error).code === 'UNAUTHENTICATED') setWho(null);
      else setTrouble(apiError(error).message);
    }
  }, []);
  useEffect(() => void load(), [load]);
  useEffect(() => onSignedOut(() => setWho(null)), []);

  const leave = async (end: () => Promise<unknown>) => {
    await end().catch(() => undefined);
    setWasSignedIn(false);
    await load();
  };

  if (trouble) {
    return (
      <Notice title="No connection" action="Try again" onAction={load}>
        <p>{trouble}</p>
      </Notice>
    );
  }
  if (who === undefined) return null;
  if (who === null) return <SignIn onSignedIn={load} hasEnded={wasSignedIn} />;
  const menu = (
    <details className="menu">
      <summary>{who.name}</summary>
      <div>
        <p className="quiet">{who.role.toLowerCase()}</p>
        <Link
          href="/account"
          onClick={({ currentTarget }) => currentTarget.closest('details')?.removeAttribute('open')}
        >
          Your account
        </Link>
        <a href="/explorer">API explorer</a>
        <button type="button" className="plain" onClick={() => void leave(signOut)}>
          Sign out
        </button>
        <button type="button" className="plain" onClick={() => void leave(() => ask(SignOutEverywhere, {}))}>
          Sign out everywhere
        </button>
      </div>
    </details>
  );
  return <Shell who={who} menu={menu} />;
}
