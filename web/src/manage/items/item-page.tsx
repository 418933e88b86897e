import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';

import { timeOf } from '../../clock.js';
import { Pieces } from '../../evidence/text.js';
import { listen } from '../../live.js';
import { Notice } from '../../notice.js';
import type { Who } from '../../session.js';
import { type Detail, latestReviews } from '../item-detail.js';
import { Escalations, Undecidable } from '../escalations.js';
import { ItemEvidence } from '../item-evidence.js';
import { Label, ReviewsSide, VERDICT_TONE } from '../reviews-side.js';
import type { RubricField } from '../../rubric/field.js';
import { Trouble, Waiting, When, words } from '../states.js';
import { useReading } from '../../reading.js';
import { ActionDialog } from './action-dialog.js';
import type { Action } from './actions.js';
import { EvalFailures } from './eval-failures.js';
import { GoldDialog } from './gold-dialog.js';
import { ItemHistory } from './item-history.js';
import { ItemChanged, ItemQuery, type ShownItem } from './item-operations.js';
import { STATUS_TONE } from './item-table.js';
import { mayManage, useChoices } from './use-choices.js';

/** One item with everything that is known of it: what it is, who answered what, and all that happened to it. */
export function ItemPage({ id, who }: { id: string; who: Who }) {
  const { data, error, again: reload } = useReading(ItemQuery, { id });
  const [changes, setChanges] = useState(0);
  // Where the log stood when the item was first read; the subscription goes on from event to event by itself.
  const start = useRef<string | null>(null);
  if (data?.item) start.current ??= data.log.end;
  const { current: after } = start;
  useEffect(() => {
    if (after === null) return undefined;
    const readAnew = () => {
      void reload();
      setChanges((count) => count + 1);
    };
    return listen(ItemChanged, { id, after }, readAnew, readAnew);
  }, [id, after, reload]);
  if (!data) {
    return <main className="manage broad">{error ? <Trouble error={error} onRetry={reload} /> : <Waiting />}</main>;
  }
  if (!data.item) {
    return (
      <Notice title="There is no such item">
        <Link href="/manage/items">All items</Link>
      </Notice>
    );
  }
  return <Shown item={data.item} who={who} changes={changes} />;
}

function Shown({ item, who, changes }: { item: ShownItem; who: Who; changes: number }) {
  const choices = useChoices(who);
  const [open, setOpen] = useState<{ kind: Action['kind']; assignmentId?: string } | null>(null);
  const [isMakingGold, setMakingGold] = useState(false);
  const isFinal = item.status === 'RESOLVED' || item.status === 'WITHDRAWN';
  const act = (kind: Action['kind']) => setOpen({ kind });
  const reviews = latestReviews(item);
  return (
    <main className="manage broad">
      <div className="head">
        <Link href="/manage/items">Items</Link>
        <h1 className="mono">
          <Pieces text={item.externalId} />
        </h1>
        <span className={STATUS_TONE[item.status] ?? 'tag'}>{words(item.status)}</span>
        <span className="grow" />
        {mayManage(who) && item.status === 'RESOLVED' && (
          <button type="button" onClick={() => setMakingGold(true)}>
            Make it a known answer…
          </button>
        )}
        {mayManage(who) && !isFinal && (
          <div className="row">
            {item.status === 'NEEDS_ADJUDICATION' && (
              <Link href={`/manage/adjudicate/${item.id}`} className="button primary">
                Adjudicate
              </Link>
            )}
            <button type="button" onClick={() => act('assign')}>
              Assign…
            </button>
            <button type="button" onClick={() => act('move')}>
              Move…
            </button>
            <button type="button" onClick={() => act('bump')}>
              Bump…
            </button>
            <button type="button" className="danger" onClick={() => act('withdraw')}>
              Withdraw…
            </button>
          </div>
        )}
      </div>
      <Glance
        item={item}
        onUnassign={mayManage(who) ? (assignmentId) => setOpen({ kind: 'endLease', assignmentId }) : null}
      />
      <div className="item-grid">
        <div>
          <Undecidable item={item} who={who} />
          <Escalations item={item} />
          <EvalFailures failures={item.evalFailures} />
          <ItemEvidence item={item} />
          <section aria-labelledby="reviews-title">
            <h2 id="reviews-title">Reviews</h2>
            <ReviewsSide output={item.output} reviews={reviews} />
          </section>
        </div>
        <ItemHistory itemId={item.id} changes={changes} />
      </div>
      {isMakingGold && <GoldDialog item={item} onClose={() => setMakingGold(false)} />}
      {open && (
        <ActionDialog
          {...open}
          target={{ itemIds: [item.id] }}
          choices={choices}
          onClose={() => setOpen(null)}
          onDone={() => undefined}
        />
      )}
    </main>
  );
}

/** Who approved this and when; or who has it now. */
function Glance({ item, onUnassign }: { item: Detail; onUnassign: ((assignmentId: string) => void) | null }) {
  const { resolution, liveAssignments } = item;
  return (
    <div className="glance">
      <section className="panel" aria-label="Answer">
        <h2>Answer</h2>
        {resolution ? <Answer item={item} /> : <p className="quiet">None yet.</p>}
      </section>
      <section className="panel" aria-label="People">
        <h2>People</h2>
        {liveAssignments.map(({ id, memberName, leaseExpiresAt }) => (
          <p key={id}>
            {memberName} holds it until {timeOf(leaseExpiresAt)}{' '}
            {onUnassign && (
              <button type="button" className="link" onClick={() => onUnassign(id)}>
                Take back
              </button>
            )}
          </p>
        ))}
        <p>
          {latestReviews(item).length} of {item.reviewsRequired} {item.reviewsRequired === 1 ? 'review' : 'reviews'}
        </p>
      </section>
      <section className="panel" aria-label="Place">
        <h2>Place</h2>
        <p>
          <Link href={`/manage/queues/${item.queue.key}`}>{item.queue.name}</Link>, priority {item.priority}
        </p>
        <p>
          Arrived <When at={item.createdAt} />
          {item.dueAt && (
            <>
              , due <When at={item.dueAt} />
            </>
          )}
        </p>
      </section>
    </div>
  );
}

function Answer({ item }: { item: Detail }) {
  const resolution = item.resolution!;
  const reviews = latestReviews(item);
  const names = resolution.decidedBy
    ? resolution.decidedBy.name
    : resolution.by === 'DEADLINE'
      ? 'its deadline'
      : reviews.map(({ reviewer }) => reviewer.name).join(' and ') || 'its reviewers';
  const fields = (reviews.at(-1)?.rubric.fields ?? []) as RubricField[];
  const labels = Object.entries(resolution.labels as Record<string, unknown>);
  return (
    <>
      <p className="big">
        <span className={VERDICT_TONE[resolution.verdict]}>{words(resolution.verdict)}</span> by {names}
      </p>
      <p className="quiet">
        <When at={resolution.resolvedAt} /> · {words(resolution.by)}
        {resolution.agreement && ` · ${Math.round(resolution.agreement.value * 100)} % agreement`}
      </p>
      {resolution.comment && (
        <p>
          <Pieces text={resolution.comment} />
        </p>
      )}
      {labels.length > 0 && (
        <dl className="fields answered">
          {labels.map(([name, value]) => {
            const field = fields.find((one) => one.name === name) ?? { name, label: name, type: 'TEXT' };
            return (
              <div key={name}>
                <dt>{field.label}</dt>
                <dd>
                  <Label field={field} value={value} output={item.output} />
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </>
  );
}
