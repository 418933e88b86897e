import { now } from '../../clock.js';
import { When, words } from '../states.js';
import type { Key } from './operations.js';

interface Props {
  keys: readonly Key[];
  onRevoke: (key: Key) => void;
}

const SOON_MS = 7 * 24 * 3_600_000;

export function KeyTable({ keys, onRevoke }: Props) {
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col" className="wide-only">
            Acts for
          </th>
          <th scope="col" className="wide-only">
            May
          </th>
          <th scope="col">Last used</th>
          <th scope="col" className="wide-only">
            Works until
          </th>
          <th scope="col">
            <span className="sr">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id}>
            <th scope="row">
              {key.name}{' '}
              <span className="quiet small">
                {words(key.kind)}
                {key.member && <span className="narrow-only"> of {key.member.name}</span>}
              </span>
            </th>
            <td className="wide-only">{key.member?.name ?? 'an app'}</td>
            <td className="wide-only">
              {key.scopes.length > 0 ? key.scopes.map((scope) => words(scope)).join(', ') : 'what their role may'}
            </td>
            <td>{key.lastUsedAt ? <When at={key.lastUsedAt} /> : <span className="quiet">never</span>}</td>
            <td className={isEnding(key) ? 'wide-only late' : 'wide-only'}>
              {key.expiresAt ? <When at={key.expiresAt} /> : <span className="quiet">it is revoked</span>}
            </td>
            <td>
              <button type="button" className="link" onClick={() => onRevoke(key)}>
                Revoke…<span className="sr"> {key.name}</span>
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Of what lives for long, the last week. */
function isEnding({ expiresAt, kind }: Key): boolean {
  const isLong = kind === 'API_KEY' || kind === 'PERSONAL_TOKEN';
  return isLong && expiresAt !== null && Date.parse(expiresAt) - now() < SOON_MS;
}
