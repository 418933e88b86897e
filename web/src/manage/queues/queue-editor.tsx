import { useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';

import { ApiError, apiError, ask } from '../../graphql.js';
import type { Who } from '../../session.js';
import type { RubricField } from '../asked.js';
import type { Change } from '../changes-list.js';
import { useChoices } from '../items/use-choices.js';
import { SaveDialog } from '../save-dialog.js';
import { Trouble } from '../states.js';
import { useKept } from '../use-kept.js';
import { type Fault, type Plan, planOf, usePlan } from '../use-plan.js';
import { changedQueue } from './changed-queue.js';
import { faultsIn, PARTS } from './parts.js';
import { QueueQuery, type QueueSetup } from './operations.js';
import { changesOf, clashes, draftOf, NEW_QUEUE, type QueueDraft } from './queue-draft.js';
import { Preview, RubricEditor } from './rubric-editor.js';
import { labelOf, whole } from './settings.js';
import { DeadlinesPart, GoldPart, PeoplePart, QueuePart, ReviewsPart } from './settings-form.js';

/** What is being written, and what it began with. */
interface Kept {
  base: QueueDraft | null;
  draft: QueueDraft;
}

interface Saving {
  plan: Plan;
  changes: Change[];
  document: object;
  conflict: string | null;
}

interface Props {
  who: Who;
  /** Null for a new one. */
  queue: QueueSetup | null;
  onSaved: () => void;
}

/** A queue's settings and rubric, checked as they are typed and kept in this browser until they are saved. */
export function QueueEditor({ who, queue, onSaved }: Props) {
  const [, go] = useLocation();
  const { members, queues } = useChoices(who);
  const [kept, keep] = useKept<Kept>(`queue:${who.project}:${who.id}:${queue?.key ?? ''}`);
  const [saving, setSaving] = useState<Saving | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const stored = queue && draftOf(queue);
  const base = kept ? kept.base && whole(kept.base) : stored;
  const draft = kept ? whole(kept.draft) : (stored ?? NEW_QUEUE);
  const document = { queues: [{ ...changesOf(base, draft), key: draft.key }] };
  const { plan, faults, error } = usePlan(kept ? document : null);
  const sound = useRef<RubricField[]>(stored?.rubric ?? []);
  if (!kept || plan) sound.current = draft.rubric;
  const isChanged = plan?.changes.some(({ what }) => what !== 'UNCHANGED') ?? false;

  const change = (part: Partial<QueueDraft>) => {
    setNote(null);
    keep({ base, draft: { ...draft, ...part } });
  };
  const save = async () => {
    // Asked anew, so that what is shown is what there is at this moment.
    const latest = await planOf(document);
    if (!latest.plan) return setNote(latest.error?.message ?? 'There is something to put right first.');
    // Read after the plan: what changes in between keeps the plan from being carried out.
    const read = await ask(QueueQuery, { key: draft.key, manages: true }).catch(apiError);
    if (read instanceof ApiError) return setNote(read.message);
    const now = read.queue && draftOf(read.queue);
    const names = base && now ? clashes(base, draft, now).map((name) => labelOf(name)) : [];
    const conflict =
      names.length > 0
        ? `Somebody changed this too while you were writing: ${names.join(', ')}. Below is yours against theirs.`
        : null;
    setSaving({ plan: latest.plan, changes: changedQueue(base, draft, now), document, conflict });
  };
  const form = { draft, faults, onChange: change };
  return (
    <main className="manage broad">
      <div className="head">
        <Link href="/manage/queues">Queues</Link>
        <h1>{queue?.name ?? 'A new queue'}</h1>
        {queue && <span className="quiet">rubric version {queue.rubric.version}</span>}
        <span className="grow" />
        {queue && (
          <Link href={`/manage/items?queue=${queue.key}`} className="button">
            Its items
          </Link>
        )}
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
        {kept
          ? faults.length > 0
            ? 'There is something to put right.'
            : 'Not saved yet; kept in this browser.'
          : note}
      </p>
      {kept && note && (
        <p className="panel" role="alert">
          {note}
        </p>
      )}
      {error && <Trouble error={error} />}
      <div className="policy-grid queue-grid">
        <div className="pile">
          <Parts faults={faults} />
          <QueuePart {...form} isNew={queue === null} />
          <RubricEditor fields={draft.rubric} faults={faults} onChange={(rubric) => change({ rubric })} />
          <ReviewsPart {...form} />
          <PeoplePart {...form} members={members} />
          <DeadlinesPart {...form} queues={queues} />
          <GoldPart {...form} isNew={queue === null} />
        </div>
        <Preview fields={sound.current} instructions={draft.instructions} />
      </div>
      {saving && (
        <SaveDialog
          title={queue ? `Save ${queue.name}` : 'Make the queue'}
          {...saving}
          onClose={() => setSaving(null)}
          onSaved={() => {
            setSaving(null);
            keep(null);
            setNote('Saved. Reviews under way keep the rubric that they began with.');
            if (queue) onSaved();
            else go(`/manage/queues/${draft.key}`);
          }}
        />
      )}
    </main>
  );
}

/** The way to each part of a long form, and where something is to be put right. */
function Parts({ faults }: { faults: Fault[] }) {
  return (
    <nav className="parts" aria-label="Parts of the form">
      {PARTS.map((part) => {
        const wrong = faultsIn(part, faults);
        return (
          <a key={part.id} href={`#${part.id}`} className={wrong > 0 ? 'wrong' : undefined}>
            {part.title}
            {wrong > 0 && (
              <>
                {' '}
                <span aria-hidden="true">{wrong}</span>
                <span className="sr">{wrong} to put right</span>
              </>
            )}
          </a>
        );
      })}
    </nav>
  );
}
