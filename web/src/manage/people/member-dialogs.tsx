import { ask } from '../../graphql.js';
import { listOf } from '../queues/queue-draft.js';
import { FormDialog, type Secret } from './form-dialog.js';
import { CreateMember, CreateSignInLink, type Person, UpdateMember } from './operations.js';

type RoleName = Person['role'];

const ROLES: [RoleName, string][] = [
  ['REVIEWER', 'Reviewer: claims and reviews'],
  ['MANAGER', 'Manager: sets up and adjudicates too'],
  ['VIEWER', 'Viewer: reads'],
  ['ADMIN', 'Admin: everything, people and keys too'],
];

const textIn = (data: FormData, name: string) => ((data.get(name) as string | null) ?? '').trim();

async function linkFor(memberId: string, name: string): Promise<Secret> {
  const { createSignInLink } = await ask(CreateSignInLink, { input: { memberId } });
  const use = `Send this link to ${name}. It signs them in once, within 15 minutes, and is not shown again.`;
  return { text: location.origin + createSignInLink.path, use };
}

/** A new member, and the link that lets them in. */
export function InviteDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  return (
    <FormDialog
      title="Invite somebody"
      action="Invite"
      onClose={onClose}
      onSubmit={async (data) => {
        const name = textIn(data, 'name');
        const role = textIn(data, 'role') as RoleName;
        const { createMember } = await ask(CreateMember, {
          input: { name, role, skills: listOf(textIn(data, 'skills')) },
        });
        onDone();
        return linkFor(createMember.member.id, name);
      }}
    >
      <MemberFields />
    </FormDialog>
  );
}

interface OneProps {
  person: Person;
  onClose: () => void;
  onDone: () => void;
}

export function EditDialog({ person, onClose, onDone }: OneProps) {
  return (
    <FormDialog
      title={person.name}
      action="Save"
      onClose={onClose}
      onSubmit={async (data) => {
        await ask(UpdateMember, {
          input: {
            memberId: person.id,
            name: textIn(data, 'name'),
            role: textIn(data, 'role') as RoleName,
            skills: listOf(textIn(data, 'skills')),
            capacity: Number(textIn(data, 'capacity')),
          },
        });
        onDone();
        return null;
      }}
    >
      <MemberFields person={person} />
    </FormDialog>
  );
}

export function LinkDialog({ person, onClose }: Omit<OneProps, 'onDone'>) {
  return (
    <FormDialog
      title={`Sign-in link for ${person.name}`}
      action="Make a link"
      onClose={onClose}
      onSubmit={() => linkFor(person.id, person.name)}
    >
      <p className="quiet">It works once, within 15 minutes, for whoever has it.</p>
    </FormDialog>
  );
}

/** Ends everything at once, or lets somebody in again. */
export function ActiveDialog({ person, onClose, onDone }: OneProps) {
  const isActive = person.deactivatedAt === null;
  return (
    <FormDialog
      title={isActive ? `Deactivate ${person.name}` : `Let ${person.name} in again`}
      action={isActive ? 'Deactivate' : 'Let in'}
      isDangerous={isActive}
      onClose={onClose}
      onSubmit={async () => {
        await ask(UpdateMember, { input: { memberId: person.id, isActive: !isActive } });
        onDone();
        return null;
      }}
    >
      <p>
        {isActive
          ? 'Their sessions, tokens and open connections end within seconds. Their reviews stay, and they can be let in again.'
          : 'Their tokens that were not revoked work again.'}
      </p>
    </FormDialog>
  );
}

function MemberFields({ person }: { person?: Person }) {
  return (
    <>
      <label className="labelled">
        <span>Name</span>
        <input name="name" required maxLength={200} defaultValue={person?.name} autoFocus />
      </label>
      <label className="labelled">
        <span>Role</span>
        <select name="role" defaultValue={person?.role ?? 'REVIEWER'}>
          {ROLES.map(([role, text]) => (
            <option key={role} value={role}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label className="labelled">
        <span>Skills, separated by commas</span>
        <input name="skills" defaultValue={person?.skills.join(', ')} />
      </label>
      {person && (
        <label className="labelled">
          <span>Items that they may hold at once, 1 to 100</span>
          <input name="capacity" type="number" min={1} max={100} required defaultValue={person.capacity} />
        </label>
      )}
    </>
  );
}
