import { Link } from 'wouter';

import { type Fault, faultsAt } from '../use-plan.js';
import { HoursEditor } from './hours-editor.js';
import type { QueueDraft } from './queue-draft.js';
import { Faults, Part, TextSetting } from './setting.js';
import { plainly, type SettingName, SETTINGS } from './settings.js';
import { StepsEditor } from './steps-editor.js';

export interface SettingsProps {
  draft: QueueDraft;
  faults: Fault[];
  onChange: (part: Partial<QueueDraft>) => void;
}

/** What it is called and what reviewers read first. */
export function QueuePart({ isNew, ...props }: SettingsProps & { isNew: boolean }) {
  return (
    <Part id="part-queue" title="Queue">
      <Texts {...props} names={isNew ? ['name', 'key'] : ['name']} />
      <Texts {...props} names={['instructions']} isLong />
    </Part>
  );
}

/** How many people answer an item, and how. */
export function ReviewsPart(props: SettingsProps) {
  return (
    <Part id="part-reviews" title="Reviews">
      <Texts
        {...props}
        names={['reviewsRequired', 'reviewsMax', 'agreementPercent', 'leaseMinutes', 'reviseWithinHours']}
      />
      <Switch {...props} name="blind" text="Reviewers do not see what others said before they answered" />
      <Switch {...props} name="hidesSignals" text="Nor what the system thought: confidence, risk and reasons" />
      <Switch {...props} name="skipReasonRequired" text="Who skips an item says why" />
    </Part>
  );
}

/** Who is offered its items. */
export function PeoplePart({ members, ...props }: SettingsProps & { members: { id: string; name: string }[] }) {
  const { draft, faults, onChange } = props;
  // Somebody may have been named who is no member any more.
  const names = [...new Set([...members.map(({ name }) => name), ...draft.members])].sort();
  return (
    <Part id="part-people" title="People">
      <Texts {...props} names={['skills', 'relaxSkillsAfterHours']} />
      <details>
        <summary>
          Who works it: {draft.members.length === 0 ? 'all who have the skills' : draft.members.join(', ')}
        </summary>
        <div className="people-list">
          {names.map((name) => (
            <label key={name} className="check-row">
              <input
                type="checkbox"
                checked={draft.members.includes(name)}
                onChange={({ target }) =>
                  onChange({
                    members: target.checked ? [...draft.members, name] : draft.members.filter((one) => one !== name),
                  })
                }
              />
              {name}
            </label>
          ))}
        </div>
      </details>
      <Faults messages={faultsAt(faults, 'queues', 0, 'members').map((fault) => plainly(fault))} />
      <Switch {...props} name="separateGroups" text="Nobody gets two items of one conversation or customer" />
    </Part>
  );
}

/** When an answer is due, and what happens without one. */
export function DeadlinesPart({ queues, ...props }: SettingsProps & { queues: { key: string; name: string }[] }) {
  const { draft, faults, onChange } = props;
  return (
    <Part id="part-deadlines" title="Deadlines">
      <Texts {...props} names={['slaHours']} />
      <HoursEditor hours={draft.hours} faults={faults} onChange={(hours) => onChange({ hours })} />
      <StepsEditor
        steps={draft.steps}
        queues={queues.filter(({ key }) => key !== draft.key)}
        faults={faults}
        onChange={(steps) => onChange({ steps })}
      />
      <div className="settings">
        <div className="setting">
          <label htmlFor="on-deadline">In the end</label>
          <select
            id="on-deadline"
            value={draft.onDeadline}
            aria-describedby="on-deadline-hint"
            onChange={({ target }) => onChange({ onDeadline: target.value })}
          >
            <option value="STAY_OPEN">it waits on, overdue</option>
            <option value="CONFIRM">it counts as confirmed</option>
            <option value="REJECT">it counts as rejected</option>
          </select>
          <p id="on-deadline-hint" className="hint">
            What becomes of an item that nobody has answered.
          </p>
          <Faults messages={faultsAt(faults, 'queues', 0, 'onDeadline').map((fault) => plainly(fault))} />
        </div>
        {draft.onDeadline !== 'STAY_OPEN' && <Text {...props} name="onDeadlineAfterHours" />}
      </div>
    </Part>
  );
}

/** How reviewers are tested without knowing when. */
export function GoldPart({ isNew, ...props }: SettingsProps & { isNew: boolean }) {
  return (
    <Part id="part-gold" title="Known answers">
      <p className="hint">
        Outputs whose right answer is known are mixed in among the items; nobody can tell them apart.
        {!isNew && (
          <>
            {' '}
            <Link href={`/manage/gold?queue=${props.draft.key}`}>See them, and who was right</Link>
          </>
        )}
      </p>
      <Texts {...props} names={['goldPercent', 'goldBarPercent', 'goldMinimum']} />
    </Part>
  );
}

function Texts({ names, ...props }: SettingsProps & { names: SettingName[]; isLong?: boolean }) {
  return (
    <div className="settings">
      {names.map((name) => (
        <Text key={name} {...props} name={name} />
      ))}
    </div>
  );
}

function Text({ draft, faults, onChange, name, isLong }: SettingsProps & { name: SettingName; isLong?: boolean }) {
  return (
    <TextSetting
      setting={SETTINGS[name]}
      value={draft[name]}
      faults={faults}
      isLong={isLong ?? false}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
}

type SwitchName = 'blind' | 'hidesSignals' | 'skipReasonRequired' | 'separateGroups';

function Switch({ draft, onChange, name, text }: SettingsProps & { name: SwitchName; text: string }) {
  return (
    <label className="check-row">
      <input type="checkbox" checked={draft[name]} onChange={({ target }) => onChange({ [name]: target.checked })} />
      {text}
    </label>
  );
}
