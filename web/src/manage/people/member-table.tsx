import { words } from '../states.js';
import type { Person } from './operations.js';

export type PersonAction = 'edit' | 'link' | 'active' | 'sessions';

interface Props {
  members: readonly Person[];
  /** Null for whoever may only see them. */
  onAct: ((action: PersonAction, person: Person) => void) | null;
}

export function MemberTable({ members, onAct }: Props) {
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Role</th>
          <th scope="col" className="wide-only">
            Skills
          </th>
          <th scope="col" className="wide-only number">
            At once
          </th>
          {onAct && (
            <th scope="col">
              <span className="sr">What to do</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {members.map((person) => {
          const isActive = person.deactivatedAt === null;
          return (
            <tr key={person.id} className={isActive ? undefined : 'off'}>
              <th scope="row">
                {person.name} {!isActive && <span className="tag">deactivated</span>}
              </th>
              <td>{words(person.role)}</td>
              <td className="wide-only">{person.skills.join(', ')}</td>
              <td className="wide-only number">{person.capacity}</td>
              {onAct && (
                <td>
                  <div className="row acts">
                    <Act person={person} action="edit" text="Edit…" onAct={onAct} />
                    {isActive && <Act person={person} action="link" text="Link…" onAct={onAct} />}
                    {isActive && <Act person={person} action="sessions" text="Sign out…" onAct={onAct} />}
                    <Act person={person} action="active" text={isActive ? 'Deactivate…' : 'Let in…'} onAct={onAct} />
                  </div>
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Act(props: {
  person: Person;
  action: PersonAction;
  text: string;
  onAct: (action: PersonAction, person: Person) => void;
}) {
  return (
    <button type="button" className="link" onClick={() => props.onAct(props.action, props.person)}>
      {props.text}
      <span className="sr"> {props.person.name}</span>
    </button>
  );
}
