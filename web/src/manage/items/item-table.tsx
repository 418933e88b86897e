import { Link } from 'wouter';

import { Pieces } from '../../evidence/text.js';
import { now } from '../../clock.js';
import { VERDICT_TONE } from '../reviews-side.js';
import { When, words } from '../states.js';
import type { Row } from './operations.js';

interface Props {
  rows: Row[];
  chosen: ReadonlySet<string>;
  /** Null for whoever only looks on. */
  onChoose: ((chosen: Set<string>) => void) | null;
}

export const STATUS_TONE: Readonly<Record<string, string>> = {
  IN_REVIEW: 'tag accent',
  NEEDS_ADJUDICATION: 'tag warn',
  RESOLVED: 'tag good',
};

export function ItemTable({ rows, chosen, onChoose }: Props) {
  const toggle = (id: string, isOn: boolean) => {
    const next = new Set(chosen);
    if (isOn) next.add(id);
    else next.delete(id);
    onChoose?.(next);
  };
  const areAllChosen = rows.length > 0 && rows.every(({ id }) => chosen.has(id));
  return (
    <table className="list items">
      <thead>
        <tr>
          {onChoose && (
            <th scope="col" className="pick">
              <input
                type="checkbox"
                aria-label="Choose all that are shown"
                checked={areAllChosen}
                onChange={() => onChoose(new Set(areAllChosen ? [] : rows.map(({ id }) => id)))}
              />
            </th>
          )}
          <th scope="col">Item</th>
          <th scope="col" className="wide-only">
            Queue
          </th>
          <th scope="col">Status</th>
          <th scope="col" className="wide-only">
            Held by
          </th>
          <th scope="col" className="wide-only number">
            Priority
          </th>
          <th scope="col" className="wide-only">
            Due
          </th>
          <th scope="col" className="wide-only">
            Arrived
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            {onChoose && (
              <td className="pick">
                <input
                  type="checkbox"
                  aria-label={`Choose ${row.externalId}`}
                  checked={chosen.has(row.id)}
                  onChange={({ target }) => toggle(row.id, target.checked)}
                />
              </td>
            )}
            <th scope="row">
              <Link href={`/manage/items/${row.id}`} className="mono">
                <Pieces text={row.externalId} />
              </Link>
              <span className="quiet small">
                <Pieces text={row.source} />
              </span>
              {row.excerpt && <Found excerpt={row.excerpt} />}
            </th>
            <td className="wide-only">{row.queue.name}</td>
            <td>
              <span className={toneOf(row)}>{words(row.resolution?.verdict ?? row.status)}</span>{' '}
              {row.evalFailures.some(({ isFixed }) => !isFixed) && (
                <span className="tag bad in-ci" title="A case made of it failed in CI and has not passed since">
                  fails in CI
                </span>
              )}
            </td>
            <td className="wide-only">{row.liveAssignments.map(({ memberName }) => memberName).join(', ')}</td>
            <td className="wide-only number">{row.priority}</td>
            <td className={isLate(row) ? 'wide-only late' : 'wide-only'}>{row.dueAt && <When at={row.dueAt} />}</td>
            <td className="wide-only">
              <When at={row.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const PARTS: Readonly<Record<string, string>> = { NAMES: 'Id or tag', REVIEWS: 'Reviewer' };

/** Where the text stands that was looked for. */
function Found({ excerpt: { part, before, match, after } }: { excerpt: NonNullable<Row['excerpt']> }) {
  return (
    <span className="found">
      <span className="quiet">{PARTS[part] ?? words(part)}: </span>
      <bdi lang="">
        <Pieces text={before} />
        <mark>
          <Pieces text={match} />
        </mark>
        <Pieces text={after} />
      </bdi>
    </span>
  );
}

function toneOf({ status, resolution }: Row): string {
  return (resolution && VERDICT_TONE[resolution.verdict]) ?? STATUS_TONE[status] ?? 'tag';
}

function isLate({ dueAt, status }: Row): boolean {
  return dueAt !== null && status !== 'RESOLVED' && status !== 'WITHDRAWN' && Date.parse(dueAt) < now();
}
