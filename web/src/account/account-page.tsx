import { useState } from 'react';
import { Link } from 'wouter';

import '../manage/items.css';
import '../manage/manage.css';
import '../manage/parts.css';
import '../manage/people/people.css';
import { ask } from '../graphql.js';
import { FormDialog } from '../manage/people/form-dialog.js';
import { RevokeDialog, TokenDialog } from '../manage/people/key-dialogs.js';
import { EndSessions, type Key, KeysQuery } from '../manage/people/operations.js';
import { Empty, Trouble, Waiting, words } from '../manage/states.js';
import { usePages } from '../pages-read.js';
import type { Who } from '../session.js';
import { OwnKeys } from './own-keys.js';

type Open = { kind: 'token' } | { kind: 'everywhere' } | { kind: 'revoke'; item: Key };

/** What acts for whoever looks: the browsers where they are signed in, and their tokens. Everybody has this page. */
export function AccountPage({ who }: { who: Who }) {
  const { rows, error, hasMore, more, again } = usePages(KeysQuery, { memberId: who.id });
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const revoke = (item: Key) => setOpen({ kind: 'revoke', item });
  const tokens = rows?.filter(({ kind }) => kind === 'PERSONAL_TOKEN') ?? [];
  const visits = rows?.filter(({ kind }) => kind === 'SESSION' || kind === 'SIGN_IN_LINK') ?? [];
  return (
    <main className="manage">
      {who.role === 'REVIEWER' && (
        <p>
          <Link href="/">Back to reviewing</Link>
        </p>
      )}
      <h1>Your account</h1>
      <p>
        <strong>{who.name}</strong>, {words(who.role)} in {who.project}
      </p>
      {error && <Trouble error={error} onRetry={again} />}
      {!rows && !error && <Waiting />}
      {rows && (
        <>
          <div className="head">
            <h2>Where you are signed in</h2>
            <span className="grow" />
            <button type="button" onClick={() => setOpen({ kind: 'everywhere' })}>
              Sign out everywhere…
            </button>
          </div>
          {visits.length === 0 ? <Empty>In no browser.</Empty> : <OwnKeys keys={visits} onEnd={revoke} />}
          <div className="head">
            <h2>Personal tokens</h2>
            <span className="grow" />
            <button type="button" className="primary" onClick={() => setOpen({ kind: 'token' })}>
              New token…
            </button>
          </div>
          <p className="quiet">
            For the command line and scripts, and to sign in. Whoever has one may do what you may, until it ends or you
            revoke it.
          </p>
          {tokens.length === 0 ? <Empty>You have none.</Empty> : <OwnKeys keys={tokens} onEnd={revoke} />}
          {hasMore && (
            <p>
              <button type="button" onClick={more}>
                More
              </button>
            </p>
          )}
        </>
      )}
      {open?.kind === 'token' && <TokenDialog self={who.id} members={[]} onClose={close} onDone={again} />}
      {open?.kind === 'revoke' && <RevokeDialog item={open.item} onClose={close} onDone={again} />}
      {open?.kind === 'everywhere' && <EverywhereDialog onClose={close} onDone={again} />}
    </main>
  );
}

function EverywhereDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  return (
    <FormDialog
      title="Sign out everywhere"
      action="Sign out"
      isDangerous
      onClose={onClose}
      onSubmit={async () => {
        await ask(EndSessions, { input: {} });
        // This session has ended too, so reading anew leads to the sign-in.
        onDone();
        return null;
      }}
    >
      <p>Every browser session of yours ends, this one too, and every unused sign-in link. Tokens stay.</p>
    </FormDialog>
  );
}
