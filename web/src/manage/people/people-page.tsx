import { useState } from 'react';

import type { Who } from '../../session.js';
import '../items.css';
import '../parts.css';
import { Empty, Trouble, Waiting } from '../states.js';
import { useReading } from '../../reading.js';
import { ApiKeyDialog, EndSessionsDialog, RevokeDialog, TokenDialog } from './key-dialogs.js';
import { KeyTable } from './key-table.js';
import { ActiveDialog, EditDialog, InviteDialog, LinkDialog } from './member-dialogs.js';
import { MemberTable, type PersonAction } from './member-table.js';
import { type Key, PeopleQuery, type Person } from './operations.js';
import './people.css';

type Open =
  { kind: 'invite' | 'api-key' | 'token' } | { kind: 'revoke'; item: Key } | { kind: PersonAction; person: Person };

/** Who works here, and what acts for them or for apps. A manager sees everybody and their own tokens. */
export function PeoplePage({ who }: { who: Who }) {
  const { data, error, again: reload } = useReading(PeopleQuery, {});
  const [open, setOpen] = useState<Open | null>(null);
  const isAdmin = who.role === 'ADMIN';
  const close = () => setOpen(null);
  if (!data) {
    return <main className="manage">{error ? <Trouble error={error} onRetry={reload} /> : <Waiting />}</main>;
  }
  const { members, accessKeys } = data;
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
      {lasting.length === 0 ? (
        <Empty>There are none.</Empty>
      ) : (
        <KeyTable keys={lasting} members={members} onRevoke={revoke} />
      )}
      {visits.length > 0 && (
        <details>
          <summary>Browser sessions and sign-in links: {visits.length}</summary>
          <KeyTable keys={visits} members={members} onRevoke={revoke} />
        </details>
      )}
      {open && <Dialogs open={open} who={who} members={members} onClose={close} onDone={reload} />}
    </main>
  );
}

interface DialogsProps {
  open: Open;
  who: Who;
  members: Person[];
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
