import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { ask } from './service.js';

/**
 * Reviewers beside the one in the browser, in a process of their own so that they do not slow what is measured: each
 * does what a page does. It listens to its assignments and its queue, has one item in hand and one ready, saves a draft,
 * and answers about every `everyMs`. Told to stop, all finish what they hold.
 */
export interface CrowdOrder {
  readonly url: string;
  readonly queue: string;
  readonly tokens: readonly string[];
  readonly everyMs: number;
}

/** What the crowd has done, by item: ids of the reviews that were acknowledged. */
export interface CrowdReport {
  readonly acknowledged: Readonly<Record<string, string>>;
  readonly refused: Readonly<Record<string, number>>;
}

interface Held {
  readonly id: string;
  readonly leaseToken: string;
  readonly item: { readonly id: string; readonly output: unknown };
}

const CLAIM = `mutation ($input: ClaimNextInput!) { claimNext(input: $input) { emptyReason assignments {
  id leaseToken leaseExpiresAt item { id externalId input output context reasons signals { name value } tags } } } }`;
const DRAFT = `mutation ($input: SaveDraftInput!) { saveDraft(input: $input) { assignment { id } } }`;
const SUBMIT = `mutation ($input: SubmitReviewInput!) { submitReview(input: $input) { review { id } } }`;
const LISTEN = [
  `subscription { assignmentChanged { cursor assignment { id status } } }`,
  `subscription ($queue: String!) { queueChanged(queue: $queue) { cursor queue { key stats { open leased resolved overdue } } } }`,
];

const acknowledged: Record<string, string> = {};
const refused: Record<string, number> = {};
let isStopped = false;

process.on('message', (message: CrowdOrder | 'stop' | 'count') => {
  if (message === 'stop') isStopped = true;
  else if (message === 'count') process.send!(Object.keys(acknowledged).length);
  else void play(message);
});
process.on('disconnect', () => process.exit(1));

async function play(order: CrowdOrder): Promise<void> {
  await Promise.all(order.tokens.map((token) => review(order, token)));
  process.send!({ acknowledged, refused } satisfies CrowdReport, () => process.exit(0));
}

async function review({ url, queue, everyMs }: CrowdOrder, token: string): Promise<void> {
  const hand: Held[] = [];
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
  });
  for (const query of LISTEN) {
    client.subscribe(
      { query, variables: { queue } },
      { next: () => {}, error: () => count('SUBSCRIPTION'), complete: () => {} },
    );
  }
  const send = async (query: string, input: object) => {
    const { data, errors } = await ask(url, token, query, { input }).catch(() => ({ data: null, errors: [] }));
    if (errors) count(errors[0]?.extensions?.code ?? 'NO_ANSWER');
    return errors ? null : data;
  };
  const fill = async () => {
    const claimed = isStopped ? null : await send(CLAIM, { queue, count: 2 - hand.length });
    hand.push(...((claimed?.claimNext.assignments ?? []) as Held[]));
  };
  // Not all at the same instant.
  await pause(everyMs * Math.random());
  while (!isStopped || hand.length > 0) {
    await fill();
    await pause(isStopped ? 0 : everyMs * (0.25 + Math.random() / 2));
    const [held] = hand;
    if (!held) continue;
    const lease = { assignmentId: held.id, leaseToken: held.leaseToken };
    await send(DRAFT, { ...lease, comment: 'on the way', labels: { failure: 'none' } });
    await pause(isStopped ? 0 : everyMs * (0.25 + Math.random() / 2));
    const submitted = await send(SUBMIT, { ...lease, verdict: 'CONFIRMED', labels: { failure: 'none' } });
    if (submitted) acknowledged[held.item.id] = submitted.submitReview.review.id as string;
    if (submitted) hand.shift();
  }
  await client.dispose();
}

function count(code: string): void {
  refused[code] = (refused[code] ?? 0) + 1;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
