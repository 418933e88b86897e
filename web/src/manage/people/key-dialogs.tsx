import { ask } from '../../graphql.js';
import { words } from '../states.js';
import { FormDialog } from './form-dialog.js';
import { CreateApiKey, CreateToken, EndSessions, type Key, type Person, RevokeKey } from './operations.js';

const SCOPES: [Key['scopes'][number], string][] = [
  ['FLAG', 'Flag: send outputs for review'],
  ['READ', 'Read: items, reviews and streams'],
  ['EXPORT', 'Export: datasets and eval cases'],
  ['MANAGE', 'Manage: what a manager sets up'],
];

interface Props {
  onClose: () => void;
  onDone: () => void;
}

const textIn = (data: FormData, name: string) => ((data.get(name) as string | null) ?? '').trim();

/** To the end of the day that was chosen, as the browser's clock has it; null for never. */
function expiryIn(data: FormData): string | null {
  const day = textIn(data, 'expires');
  return day === '' ? null : new Date(`${day}T23:59:59`).toISOString();
}

const KEEP = 'Keep it now: it is not shown again, and nobody can read it from the service.';

export function ApiKeyDialog({ onClose, onDone }: Props) {
  return (
    <FormDialog
      title="A key for an app"
      action="Make the key"
      onClose={onClose}
      onSubmit={async (data) => {
        const scopes = data.getAll('scope') as Key['scopes'];
        const input = { name: textIn(data, 'name'), scopes, expiresAt: expiryIn(data) };
        const { createApiKey } = await ask(CreateApiKey, { input });
        onDone();
        return { text: createApiKey.token, use: KEEP };
      }}
    >
      <Named />
      <fieldset className="scopes">
        <legend>What it may do</legend>
        {SCOPES.map(([scope, text]) => (
          <label key={scope} className="check-row">
            <input type="checkbox" name="scope" value={scope} defaultChecked={scope === 'FLAG'} />
            {text}
          </label>
        ))}
      </fieldset>
      <Expires />
    </FormDialog>
  );
}

export function TokenDialog({ members, self, onClose, onDone }: Props & { members: readonly Person[]; self: string }) {
  return (
    <FormDialog
      title="A personal token"
      action="Make the token"
      onClose={onClose}
      onSubmit={async (data) => {
        const input = {
          name: textIn(data, 'name'),
          memberId: textIn(data, 'memberId') || self,
          expiresAt: expiryIn(data),
        };
        const { createPersonalToken } = await ask(CreateToken, { input });
        onDone();
        return { text: createPersonalToken.token, use: KEEP };
      }}
    >
      <Named />
      {members.length > 1 && (
        <label className="labelled">
          <span>Who it acts for</span>
          <select name="memberId" defaultValue={self}>
            {members.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <Expires />
    </FormDialog>
  );
}

export function RevokeDialog({ item, onClose, onDone }: Props & { item: Key }) {
  const isVisit = item.kind === 'SESSION';
  return (
    <FormDialog
      title={isVisit ? `Sign out of “${item.name}”` : `Revoke “${item.name}”`}
      action={isVisit ? 'Sign out' : 'Revoke'}
      isDangerous
      onClose={onClose}
      onSubmit={async () => {
        await ask(RevokeKey, { input: { keyId: item.id } });
        onDone();
        return null;
      }}
    >
      <p>
        {item.member && `It acts for ${item.member.name}. `}Whatever uses this {words(item.kind)} is refused within
        seconds, open connections too. It cannot be taken back.
      </p>
    </FormDialog>
  );
}

export function EndSessionsDialog({ person, onClose, onDone }: Props & { person: Person }) {
  return (
    <FormDialog
      title={`Sign ${person.name} out everywhere`}
      action="Sign out"
      isDangerous
      onClose={onClose}
      onSubmit={async () => {
        await ask(EndSessions, { input: { memberId: person.id } });
        onDone();
        return null;
      }}
    >
      <p>Every browser session and unused sign-in link of theirs ends. Tokens stay.</p>
    </FormDialog>
  );
}

function Named() {
  return (
    <label className="labelled">
      <span>Name: where it is used</span>
      <input name="name" required maxLength={200} autoFocus />
    </label>
  );
}

function Expires() {
  return (
    <label className="labelled">
      <span>Works until the end of; empty until it is revoked</span>
      <input name="expires" type="date" />
    </label>
  );
}
