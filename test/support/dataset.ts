import { Role } from '../../src/access/viewer.js';
import { PromotionReader } from '../../src/dataset/promote.reader.js';
import { Sequencer } from '../../src/log/sequencer.js';
import type { TestService } from './service.js';

export interface Answered {
  verdict: 'CONFIRMED' | 'CORRECTED' | 'REJECTED';
  correctedOutput?: unknown;
  comment?: string;
}

export interface Flagged {
  id: string;
  externalId: string;
  input: unknown;
  output: unknown;
}

/** A project with a queue and a dataset that it feeds, and people who work on it. */
export interface Desk {
  readonly service: TestService;
  readonly manager: string;
  readonly reviewer: string;
  readonly app: string;
}

export async function openDesk(service: TestService, dataset: object = {}): Promise<Desk> {
  const manager = (await service.member({ role: Role.MANAGER })).token;
  const reviewer = (await service.member({ role: Role.REVIEWER })).token;
  await saveQueue(service, manager, { key: 'support', name: 'Support' });
  await saveDataset(service, manager, { key: 'cases', name: 'Cases', queues: ['support'], ...dataset });
  return { service, manager, reviewer, app: await service.key() };
}

export async function saveQueue(service: TestService, token: string, input: object): Promise<void> {
  await service.do(token, `mutation($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id } } }`, { input });
}

export async function saveDataset(service: TestService, token: string, input: object): Promise<void> {
  await service.do(token, `mutation($input: SaveDatasetInput!) { saveDataset(input: $input) { dataset { id } } }`, {
    input,
  });
}

/** Flags outputs to a queue; `externalId`, `source`, `input` and `output` have defaults. Returns the items' ids. */
export async function flag(desk: Desk, outputs: object[], queue = 'support'): Promise<string[]> {
  const inputs = outputs.map((output, i) => {
    return {
      externalId: `e${Date.now()}-${i}-${Math.random()}`,
      queue,
      source: 'app',
      // Two outputs with one input and different answers would wait for a person.
      input: `q${Math.random()}`,
      output: 'a',
      ...output,
    };
  });
  const { flagOutputs } = await desk.service.do(
    desk.app,
    `mutation($inputs: [FlagOutputInput!]!) {
       flagOutputs(inputs: $inputs) { rows { payload { item { id } } error { code message } } } }`,
    { inputs },
  );
  return flagOutputs.rows.map((row: any) => {
    if (row.error) throw new Error(JSON.stringify(row.error));
    return row.payload.item.id;
  });
}

/** Claims everything that is open and answers it; returns how many there were. */
export async function review(desk: Desk, answer: (item: Flagged) => Answered, token = desk.reviewer): Promise<number> {
  for (let reviewed = 0; ;) {
    const { claimNext } = await desk.service.do(
      token,
      `mutation { claimNext(input: { count: 10 }) {
         assignments { id leaseToken item { id externalId input output } } } }`,
    );
    if (claimNext.assignments.length === 0) return reviewed;
    await Promise.all(
      claimNext.assignments.map(({ id, leaseToken, item }: any) =>
        desk.service.do(
          token,
          `mutation($input: SubmitReviewInput!) { submitReview(input: $input) { item { status } } }`,
          { input: { assignmentId: id, leaseToken, ...answer(item) } },
        ),
      ),
    );
    reviewed += claimNext.assignments.length;
  }
}

/** Returns when datasets hold what everything committed so far means for them. */
export async function settle({ service }: Desk): Promise<void> {
  const { follower } = service.app.get(PromotionReader);
  for (;;) {
    await service.app.get(Sequencer).runOnce();
    await follower.runOnce(service.projectId);
    const [state] = await service.sql<{ settled: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM outbox) AND r.seq = h.seq AS settled
       FROM log_head h JOIN log_reader r ON r.project_id = h.project_id AND r.name = 'dataset'
       WHERE h.project_id = $1`,
      [service.projectId],
    );
    if (state?.settled) return;
  }
}

export interface Downloaded {
  status: number;
  headers: Headers;
  text: string;
  json: any;
  lines: any[];
}

export async function download(
  desk: Desk,
  query = '',
  options: RequestInit & { token?: string } = {},
): Promise<Downloaded> {
  const response = await fetch(`${desk.service.url}/export/cases${query}`, {
    ...options,
    headers: { authorization: `Bearer ${options.token ?? desk.app}`, ...options.headers },
  });
  const text = await response.text();
  const isLines = response.headers.get('content-type')?.startsWith('application/jsonl');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isLines ? null : parsed(text),
    lines: isLines
      ? text
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as unknown)
      : [],
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
