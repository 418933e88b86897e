import { useNow } from '../clock.js';
import type { StandingQueue, Trends } from './operations.js';
import { count, duration } from './words.js';

interface StandingProps {
  readonly queues: readonly StandingQueue[];
  readonly trends: Trends | null;
}

/** The first look: one sentence that says whether somebody has to do something, and the figures behind it. */
export function Standing({ queues, trends }: StandingProps) {
  const now = useNow(15_000);
  const total = (what: 'open' | 'leased' | 'overdue' | 'stuck' | 'needsAdjudication') =>
    queues.reduce((sum, { stats }) => sum + stats[what], 0);
  const oldest = queues.flatMap(({ stats }) => stats.oldestOpenAt ?? []).sort()[0];
  const [tone, sentence] = judge(queues, trends);
  return (
    <section aria-label="Now">
      <p className={`state ${tone}`} role="status">
        {sentence}
      </p>
      <dl className="tiles">
        <Tile name="Open" value={count(total('open'))} more={`${count(total('leased'))} in somebody's hands`} />
        <Tile name="Overdue" value={count(total('overdue'))} tone={total('overdue') > 0 ? 'bad' : undefined} />
        <Tile name="Stuck" value={count(total('stuck'))} tone={total('stuck') > 0 ? 'bad' : undefined} />
        <Tile name="To adjudicate" value={count(total('needsAdjudication'))} />
        <Tile name="Oldest waits" value={oldest ? duration(now - Date.parse(oldest)) : '–'} />
        <Tile name="Time to answer" value={duration(trends?.resolutionMedianMs ?? null)} more={ninth(trends)} />
        <Tile name="Arrive" {...perDay(trends?.arrivalsPerHour, trends?.arrived)} />
        <Tile
          name="Are answered"
          {...perDay(trends?.resolutionsPerHour, trends?.resolved)}
          tone={isFallingBehind(trends) ? 'warn' : undefined}
        />
      </dl>
    </section>
  );
}

function Tile({ name, value, more, tone }: { name: string; value: string; more?: string; tone?: 'bad' | 'warn' }) {
  return (
    <div className={tone}>
      <dt>{name}</dt>
      <dd>
        {value} {more && <small>{more}</small>}
      </dd>
    </div>
  );
}

function judge(queues: readonly StandingQueue[], trends: Trends | null): ['bad' | 'warn' | 'good', string] {
  const stuck = queues.filter(({ stats }) => stats.stuck > 0);
  if (stuck.length > 0) {
    const items = stuck.reduce((sum, { stats }) => sum + stats.stuck, 0);
    const who = 'nobody active has the skills, or all who have already reviewed or skipped';
    return ['bad', `${plural(items, 'item is', 'items are')} stuck in ${names(stuck)}: ${who}.`];
  }
  const late = queues.filter(({ stats }) => stats.overdue > 0);
  if (late.length > 0) {
    const items = late.reduce((sum, { stats }) => sum + stats.overdue, 0);
    return ['bad', `${plural(items, 'item is', 'items are')} past the deadline in ${names(late)}.`];
  }
  if (isFallingBehind(trends)) return ['warn', 'More arrives than is answered: what is open will grow.'];
  const waits = queues.some(({ stats }) => stats.open + stats.needsAdjudication > 0);
  return ['good', waits ? 'The loop works: nothing is stuck or overdue.' : 'All is answered. Nothing waits.'];
}

/** A tenth more arrives than leaves, and enough waits for it to matter. */
function isFallingBehind(trends: Trends | null): boolean {
  if (!trends) return false;
  const { arrived, resolved, withdrawn, open } = trends;
  return open >= 10 && arrived > 1.1 * (resolved + withdrawn);
}

function ninth(trends: Trends | null): string {
  return trends?.resolutionP90Ms == null ? 'median' : `median; nine of ten in ${duration(trends.resolutionP90Ms)}`;
}

/** Never more than there were: of a queue that is minutes old nobody knows yet what a day brings. */
function perDay(perHour?: number | null, total?: number): { value: string; more: string } {
  if (total === undefined) return { value: '–', more: 'a day' };
  if (perHour == null) return { value: count(total), more: 'so far' };
  const daily = Math.min(24 * perHour, total);
  return { value: daily.toLocaleString('en', { maximumFractionDigits: daily < 10 ? 1 : 0 }), more: 'a day' };
}

function plural(many: number, one: string, more: string): string {
  return `${count(many)} ${many === 1 ? one : more}`;
}

function names(queues: readonly StandingQueue[]): string {
  return new Intl.ListFormat('en').format(queues.map(({ name }) => name));
}
