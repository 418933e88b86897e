import { useCallback, useEffect, useState } from 'react';

import { ApiError, ask, graphql } from './graphql.js';
import { ReviewPage } from './review-page.js';
import { signOut } from './session.js';
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

interface Who {
  project: string;
  name: string;
  role: string;
}

/** Who is signed in decides what is shown; until that is known, nothing flickers. */
export function App() {
  const [who, setWho] = useState<Who | null | undefined>(undefined);
  const [trouble, setTrouble] = useState<string | null>(null);

  const load = useCallback(async () => {
    try {
      const { viewer } = await ask(ViewerQuery, {});
      setTrouble(null);
      setWho(viewer.member ? { project: viewer.project, name: viewer.member.name, role: viewer.role ?? '' } : null);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') setWho(null);
      else setTrouble(error instanceof Error ? error.message : String(error));
    }
  }, []);
  useEffect(() => void load(), [load]);

  if (trouble) return <Notice title="No connection" text={trouble} action="Try again" onAction={load} />;
  if (who === undefined) return null;
  if (who === null) return <SignIn onSignedIn={load} />;
  return (
    <div className="shell">
      <header className="bar">
        <span className="brand">
          <img src="/mark.svg" alt="" width="22" height="22" /> Countersign
        </span>
        <span className="quiet">{who.project}</span>
        <span className="grow" />
        <a href="/explorer">API explorer</a>
        <span className="quiet">
          {who.name} · {who.role.toLowerCase()}
        </span>
        <button type="button" className="plain" onClick={() => void signOut().then(load)}>
          Sign out
        </button>
      </header>
      {who.role === 'VIEWER' ? (
        <Notice title="Nothing to review here" text="Your role may look on, not review." />
      ) : (
        <ReviewPage />
      )}
    </div>
  );
}

export function Notice(props: { title: string; text: string; action?: string; onAction?: () => unknown }) {
  return (
    <main className="notice">
      <h1>{props.title}</h1>
      <p>{props.text}</p>
      {props.action && (
        <button type="button" onClick={() => void props.onAction?.()}>
          {props.action}
        </button>
      )}
    </main>
  );
}
