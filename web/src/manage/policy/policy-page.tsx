import { useState } from 'react';

import { ApiError, apiError, ask } from '../../graphql.js';
import type { Who } from '../../session.js';
import type { Change } from '../changes-list.js';
import '../items.css';
import { type Choices, mayManage, useChoices } from '../items/use-choices.js';
import '../parts.css';
import { SaveDialog } from '../save-dialog.js';
import { Trouble, Waiting } from '../states.js';
import { useReading } from '../../reading.js';
import { useKept } from '../use-kept.js';
import { faultsAt, type Plan, planOf, usePlan } from '../use-plan.js';
import { changedRules } from './changed-rules.js';
import { DryRunPanel } from './dry-run-panel.js';
import { PoliciesQuery, type Policy } from './operations.js';
import './policy.css';
import { RuleCard } from './rule-card.js';
import { draftOf, moved, newRule, type Rule, type RuleDraft, ruleOf } from './rules.js';
import { ToPutRight } from './to-put-right.js';
import { VersionsPanel } from './versions-panel.js';

/** Which outputs a person looks at: the rules, what they would have done, and every version there was. */
export function PolicyPage({ who }: { who: Who }) {
  const { data, error, again: reload } = useReading(PoliciesQuery, {});
  const choices = useChoices(who);
  if (!data) {
    return <main className="manage">{error ? <Trouble error={error} onRetry={reload} /> : <Waiting />}</main>;
  }
  const { policies } = data;
  return mayManage(who) ? (
    <PolicyEditor who={who} policies={policies} choices={choices} onSaved={reload} />
  ) : (
    <main className="manage">
      <h1>Policy</h1>
      {policies[0] ? (
        <Rules drafts={(policies[0].rules as Rule[]).map(draftOf)} choices={choices} />
      ) : (
        <p className="panel quiet">There is none yet.</p>
      )}
      <VersionsPanel policies={policies} nameOf={(actor) => actor.split(':')[0]!} onRestore={null} />
    </main>
  );
}

interface EditorProps {
  who: Who;
  policies: Policy[];
  choices: Choices;
  onSaved: () => void;
}

/** What is being written, and the version that it began with. */
interface Kept {
  base: number;
  drafts: RuleDraft[];
}

function PolicyEditor({ who, policies, choices, onSaved }: EditorProps) {
  const active = policies[0];
  const [kept, keep] = useKept<Kept>(`policy:${who.project}:${who.id}`);
  const [saving, setSaving] = useState<{ plan: Plan; changes: Change[]; document: object } | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [activeDrafts] = useDraftsOf(active);
  const drafts = kept?.drafts ?? activeDrafts;
  const base = kept?.base ?? active?.version ?? 0;
  const rules = drafts.map(ruleOf);
  const document = { policy: rules };
  const { plan, faults, error } = usePlan(kept ? document : null);
  const change = (next: RuleDraft[]) => {
    setNote(null);
    keep({ base, drafts: next });
  };
  const nameOfQueue = (queue: string) => choices.queues.find(({ key }) => key === queue)?.name ?? queue;
  const save = async () => {
    // Asked anew, so that what is shown is what there is at this moment.
    const latest = await planOf(document);
    if (!latest.plan) return setNote(latest.error?.message ?? 'There is something to put right first.');
    // Read after the plan: what changes in between keeps the plan from being carried out.
    const read = await ask(PoliciesQuery, {}).catch(apiError);
    if (read instanceof ApiError) return setNote(read.message);
    const changes = changedRules((read.policies[0]?.rules ?? []) as Rule[], drafts, nameOfQueue);
    setSaving({ plan: latest.plan, changes, document });
  };
  const isChanged = plan?.changes.some(({ what }) => what !== 'UNCHANGED') ?? false;
  const nameOf = (actor: string) => {
    const member = choices.members.find(({ id }) => actor === `member:${id}`);
    return member?.name ?? (actor.startsWith('key:') ? 'a key' : actor.split(':')[0]!);
  };
  return (
    <main className="manage broad">
      <div className="head">
        <h1>Policy</h1>
        <span className="quiet">{active ? `version ${active.version}` : 'none yet'}</span>
        <span className="grow" />
        {kept && (
          <button
            type="button"
            onClick={() => {
              keep(null);
              setNote(null);
            }}
          >
            Discard changes
          </button>
        )}
        <button type="button" className="primary" disabled={!isChanged} onClick={() => void save()}>
          Save…
        </button>
      </div>
      <p className="quiet" role="status">
        {!kept && 'The first rule that matches decides. What no rule takes meets the last one.'}
        {kept && faults.length > 0 && <ToPutRight drafts={drafts} faults={faults} />}
        {kept &&
          faults.length === 0 &&
          (plan && !isChanged ? 'The same as the active version.' : 'Not saved yet; kept in this browser.')}
      </p>
      {note && (
        <p className="panel" role="alert">
          {note}
        </p>
      )}
      {error && <Trouble error={error} />}
      {faultsAt(faults, 'policy')
        .filter(({ path }) => typeof path[1] !== 'number')
        .map(({ message }) => (
          <p key={message} className="trouble">
            {message}
          </p>
        ))}
      <div className="policy-grid">
        <div className="pile">
          <ol className="rules">
            {drafts.map((rule, place) => (
              <RuleCard
                key={rule.id}
                rule={rule}
                place={place}
                count={drafts.length}
                queues={choices.queues}
                faults={faults}
                onChange={(next) => change(drafts.with(place, next))}
                onMove={(to) => change(moved(drafts, place, to))}
                onRemove={() => change(drafts.toSpliced(place, 1))}
              />
            ))}
          </ol>
          <p>
            <button
              type="button"
              onClick={() => {
                const queue = choices.queues[0]?.key ?? '';
                const last = drafts.length === 0 ? [draftOf({ name: 'rest' })] : [];
                change([newRule(freeName(drafts), queue), ...drafts, ...last]);
              }}
            >
              Add a rule at the top
            </button>
          </p>
        </div>
        <div className="pile">
          <DryRunPanel rules={rules} isSound={faults.length === 0} />
          <VersionsPanel
            policies={policies}
            nameOf={nameOf}
            onRestore={(old) => {
              change(old.map(draftOf));
              window.scrollTo(0, 0);
            }}
          />
        </div>
      </div>
      {saving && (
        <SaveDialog
          title="Save the policy"
          {...saving}
          means="For what is flagged from now on; items that are there stay where they are."
          conflict={conflictOf(saving.plan, base)}
          onClose={() => setSaving(null)}
          onSaved={() => {
            setSaving(null);
            keep(null);
            setNote(`Saved: ${saving.plan.changes[0]?.key ?? ''} decides from now on.`);
            onSaved();
          }}
        />
      )}
    </main>
  );
}

/** The drafts of the active version; the same ones as long as it is. */
function useDraftsOf(policy: Policy | undefined): [RuleDraft[]] {
  const [known, setKnown] = useState(() => ({ version: policy?.version, drafts: toDrafts(policy) }));
  if (known.version === policy?.version) return [known.drafts];
  const fresh = { version: policy?.version, drafts: toDrafts(policy) };
  setKnown(fresh);
  return [fresh.drafts];
}

const toDrafts = (policy: Policy | undefined) => ((policy?.rules ?? []) as Rule[]).map(draftOf);

/** The plan names the version that it would make; one more than expected means that somebody saved meanwhile. */
function conflictOf(plan: Plan, base: number): string | null {
  const version = Number(/\d+/.exec(plan.changes[0]?.key ?? '')?.[0] ?? base + 1);
  if (version <= base + 1) return null;
  return `Somebody saved version ${version - 1} while you were writing. The changes below are yours against theirs.`;
}

function freeName(drafts: RuleDraft[]): string {
  const names = new Set(drafts.map(({ name }) => name));
  let n = drafts.length + 1;
  while (names.has(`rule-${n}`)) n += 1;
  return `rule-${n}`;
}

/** For those who look on. */
function Rules({ drafts, choices }: { drafts: RuleDraft[]; choices: Choices }) {
  return (
    <ol className="rules">
      {drafts.map((rule) => (
        <li key={rule.id} className="panel">
          <strong>{rule.name}</strong>{' '}
          <span className="quiet">
            {rule.queue ? `to ${choices.queues.find(({ key }) => key === rule.queue)?.name ?? rule.queue}` : 'passes'}
            {rule.sample !== '100' && `, ${rule.sample} %`}
          </span>
          {rule.when && <pre className="when">{rule.when}</pre>}
        </li>
      ))}
    </ol>
  );
}
