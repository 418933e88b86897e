import type { Key } from '../manage/people/operations.js';
import { When } from '../manage/states.js';

/** One's own tokens or sessions. */
export function OwnKeys({ keys, onEnd }: { keys: readonly Key[]; onEnd: (key: Key) => void }) {
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col" className="wide-only">
            Since
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
              {key.name} {key.isCurrent && <span className="tag accent">this browser</span>}
            </th>
            <td className="wide-only">
              <When at={key.createdAt} />
            </td>
            <td>{key.lastUsedAt ? <When at={key.lastUsedAt} /> : <span className="quiet">never</span>}</td>
            <td className="wide-only">
              {key.expiresAt ? <When at={key.expiresAt} /> : <span className="quiet">you revoke it</span>}
            </td>
            <td>
              <button type="button" className="link" onClick={() => onEnd(key)}>
                {key.kind === 'PERSONAL_TOKEN' ? 'Revoke…' : 'Sign out…'}
                <span className="sr"> {key.name}</span>
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
