import { useState } from 'react';

import type { Who } from '../../session.js';
import '../items.css';
import '../parts.css';
import { Empty, Trouble, Waiting } from '../states.js';
import { type Pages, usePages } from '../../pages-read.js';
import { ApiKeyDialog, EndSessionsDialog, RevokeDialog, TokenDialog } from './key-dialogs.js';
import { KeyTable } from './key-table.js';
import { ActiveDialog, EditDialog, InviteDialog, LinkDialog } from './member-dialogs.js';
import { MemberTable, type PersonAction } from './member-table.js';
import { type Key, KeysQuery, PeopleQuery, type Person } from './operations.js';
import './people.css';

type Open =
  { kind: 'invite' | 'api-key' | 'token' } | { kind: 'revoke'; item: Key } | { kind: PersonAction; person: Person };

/** Who works here, and what acts for them or for apps. A manager sees everybody and their own tokens. */
export function PeoplePage({ who }: { who: Who }) {
  const people = usePages(PeopleQuery, {});
  const keys = usePages(KeysQuery, {});
  const [open, setOpen] = useState<Open | null>(null);
  const isAdmin = who.role === 'ADMIN';
  const close = () => setOpen(null);
  const error = people.error ?? keys.error;
  const reload = () => Promise.all([people.again(), keys.again()]).then(() => undefined);
  const { rows: members } = people;
  const { rows: accessKeys } = keys;
  if (!members || !accessKeys) {
    return <main className="manage">{error ? <Trouble error={error} onRetry={reload} /> : <Waiting />}</main>;
  }
  const lasting = accessKeys.filter(({ kind }) => kind === 'API_KEY' || kind === 'PERSONAL_TOKEN');
  const visits = accessKeys.filter((key) => !lasting.includes(key));
  const revoke = (item: Key) => setOpen({ kind: 'revoke', item });
  return (
    <main className="manage">
      <div className="head">
        <h1>People</h1>
        <span className="grow" />
        {isAdmin && (
          <button type="button" className="primary" onClick={() => setOpen({ kind: 'invite' })}>
            Invite…
          </button>
        )}
      </div>
      {error && <Trouble error={error} onRetry={reload} />}
      <MemberTable members={members} onAct={isAdmin ? (kind, person) => setOpen({ kind, person }) : null} />
      <More of={people} what="people" />
      <div className="head">
        <h2>{isAdmin ? 'Keys and tokens' : 'Your tokens'}</h2>
        <span className="grow" />
        <button type="button" onClick={() => setOpen({ kind: 'token' })}>
          Personal token…
        </button>
        {isAdmin && (
          <button type="button" onClick={() => setOpen({ kind: 'api-key' })}>
            Key for an app…
          </button>
        )}
      </div>
      {lasting.length === 0 ? <Empty>There are none.</Empty> : <KeyTable keys={lasting} onRevoke={revoke} />}
      {visits.length > 0 && (
        <details>
          <summary>Browser sessions and sign-in links: {visits.length}</summary>
          <KeyTable keys={visits} onRevoke={revoke} />
        </details>
      )}
      <More of={keys} what="keys" />
      {open && <Dialogs open={open} who={who} members={members} onClose={close} onDone={reload} />}
    </main>
  );
}

function More({ of, what }: { of: Pages<unknown>; what: string }) {
  if (!of.hasMore) return null;
  return (
    <p>
      <button type="button" onClick={of.more}>
        More {what}
      </button>
    </p>
  );
}

interface DialogsProps {
  open: Open;
  who: Who;
  members: readonly Person[];
  onClose: () => void;
  onDone: () => void;
}

function Dialogs({ open, who, members, ...then }: DialogsProps) {
  const active = members.filter(({ deactivatedAt }) => deactivatedAt === null);
  switch (open.kind) {
    case 'invite':
      return <InviteDialog {...then} />;
    case 'api-key':
      return <ApiKeyDialog {...then} />;
    case 'token':
      return <TokenDialog {...then} self={who.id} members={who.role === 'ADMIN' ? active : []} />;
    case 'revoke':
      return <RevokeDialog {...then} item={open.item} />;
    case 'edit':
      return <EditDialog {...then} person={open.person} />;
    case 'link':
      return <LinkDialog person={open.person} onClose={then.onClose} />;
    case 'active':
      return <ActiveDialog {...then} person={open.person} />;
    case 'sessions':
      return <EndSessionsDialog {...then} person={open.person} />;
  }
}
