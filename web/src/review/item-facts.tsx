import './item-facts.css';
import { Evidence } from '../evidence/evidence.js';
import { Pieces } from '../evidence/text.js';
import { Deadline, LeaseClock } from './clocks.js';
import type { Hand } from './desk-store.js';
import type { Assignment } from './operations.js';

/** What the item is, how long there is for it, and why it was flagged. */
export function ItemFacts({ hand }: { hand: Hand }) {
  const { item } = hand.assignment;
  return (
    <header className="facts">
      <div className="title">
        <h1 tabIndex={-1} id="item-title">
          {item.queue.name}
        </h1>
        <span className="quiet id">
          <Pieces text={item.externalId} />
        </span>
        <span className="grow" />
        {item.dueAt && <Deadline at={item.dueAt} />}
        {!hand.lost && <LeaseClock until={hand.leaseExpiresAt} />}
      </div>
      <Why item={item} />
    </header>
  );
}

type Flagged = Pick<Assignment['item'], 'confidence' | 'risk' | 'reasons' | 'signals' | 'tags'>;

export function Why({ item }: { item: Flagged }) {
  const { confidence, risk } = item;
  return (
    <ul className="why" aria-label="Why it was flagged">
      {risk && <li className={`chip risk ${risk.toLowerCase()}`}>{risk.toLowerCase()} risk</li>}
      {confidence !== null && confidence !== undefined && (
        <li className="chip">
          <meter min={0} max={1} value={confidence} aria-hidden="true" /> {Math.round(confidence * 100)} % sure
        </li>
      )}
      {item.reasons.map((reason) => (
        <li key={reason} className="chip">
          <Pieces text={reason} />
        </li>
      ))}
      {item.signals.map((signal) => (
        <li key={signal.name} className="chip faint">
          <Pieces text={signal.name} /> {Number(signal.value.toPrecision(3))}
        </li>
      ))}
      {item.tags.map((tag) => (
        <li key={tag} className="chip faint">
          #<Pieces text={tag} />
        </li>
      ))}
    </ul>
  );
}

/** Where it is from: of use now and then, so it is folded. */
export function Origin({
  item,
}: {
  item: Pick<Assignment['item'], 'source' | 'model' | 'prompt' | 'rule' | 'metadata'>;
}) {
  const facts: [string, string | null | undefined][] = [
    ['Source', item.source],
    ['Model', item.model && `${item.model.name} ${item.model.version}`],
    ['Prompt', item.prompt && `${item.prompt.name} ${item.prompt.version}`],
    ['Rule', item.rule],
  ];
  return (
    <details className="origin">
      <summary>Where it is from</summary>
      <dl className="fields">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Pieces text={value} />
                </dd>
              </div>
            ),
        )}
      </dl>
      {item.metadata !== null && item.metadata !== undefined && <Evidence value={item.metadata} />}
    </details>
  );
}
