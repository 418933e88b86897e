/** Sends one operation; answers as GraphQL does, typed errors included. */
export type Ask = (
  token: string,
  query: string,
  variables?: object,
) => Promise<{ data?: Record<string, any> | null; errors?: { message: string; extensions?: { code?: string } }[] }>;

export interface ChaosOptions {
  readonly ask: Ask;
  /** One client for each; several clients may be one person in several tabs. */
  readonly tokens: readonly string[];
  readonly queue: string;
  readonly leaseMs: number;
  /** Share of claims that are abandoned, and as much again that come back too late. */
  readonly deathShare: number;
  /** Asked now and then by clients who find nothing. */
  isDone(): Promise<boolean>;
}

export interface ChaosReport {
  /** Review id → item id, of every submit that was acknowledged. */
  readonly acknowledged: ReadonlyMap<string, string>;
  readonly counts: Readonly<Record<string, number>>;
}

interface Held {
  id: string;
  leaseToken: string;
  item: { id: string };
}

const CLAIM = `mutation ($input: ClaimNextInput!) { claimNext(input: $input) {
  assignments { id leaseToken item { id } } emptyReason nextAvailableAt } }`;
const SUBMIT = `mutation ($input: SubmitReviewInput!) { submitReview(input: $input) { review { id } item { id } } }`;
const RELEASE = `mutation ($input: ReleaseInput!) { releaseAssignment(input: $input) { assignment { id } } }`;
const RENEW = `mutation ($input: LeaseInput!) { renewLease(input: $input) { assignment { id } } }`;

/**
 * Reviewers as they are at their worst: some die with a lease, some come back after it ran out, some give back, some
 * click twice. Runs until `isDone`.
 */
export async function reviewInChaos(options: ChaosOptions): Promise<ChaosReport> {
  const acknowledged = new Map<string, string>();
  const counts: Record<string, number> = {};
  const count = (what: string) => (counts[what] = (counts[what] ?? 0) + 1);
  let isDone = false;

  async function send(token: string, query: string, input: object) {
    const answer = await options.ask(token, query, { input });
    const code = answer.errors?.[0]?.extensions?.code;
    if (answer.errors) count(code ?? answer.errors[0]!.message);
    if (code === 'RATE_LIMITED' || code === 'OVERLOADED') await sleep(200);
    return answer.errors ? null : (answer.data ?? null);
  }

  async function submit(token: string, held: Held): Promise<void> {
    const input = { assignmentId: held.id, leaseToken: held.leaseToken, verdict: 'CONFIRMED' };
    const data = await send(token, SUBMIT, input);
    if (!data) return;
    acknowledged.set(data.submitReview.review.id as string, data.submitReview.item.id as string);
    if (data.submitReview.item.id !== held.item.id) count('WRONG_ITEM');
  }

  async function treat(token: string, held: Held): Promise<void> {
    const lease = { assignmentId: held.id, leaseToken: held.leaseToken };
    const fate = Math.random();
    const share = options.deathShare;
    if (fate < share) return void count('died');
    if (fate < 2 * share) {
      count('late');
      await sleep(options.leaseMs + 50);
    } else if (fate < 2 * share + 0.05) {
      count('released');
      return void (await send(token, RELEASE, lease));
    } else if (fate < 2 * share + 0.1) {
      await send(token, RENEW, lease);
    }
    const isTwice = Math.random() < 0.05;
    await Promise.all([submit(token, held), isTwice ? submit(token, held) : null]);
  }

  async function work(token: string): Promise<void> {
    while (!isDone) {
      const data = await send(token, CLAIM, { queue: options.queue, count: 1 + Math.floor(Math.random() * 3) });
      const held = (data?.claimNext.assignments ?? []) as Held[];
      if (data && held.length === 0) {
        isDone ||= await options.isDone();
        if (!isDone) await sleep(20 + Math.random() * 80);
      }
      await Promise.all(held.map((one) => treat(token, one)));
    }
  }

  await Promise.all(options.tokens.map(work));
  return { acknowledged, counts };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
