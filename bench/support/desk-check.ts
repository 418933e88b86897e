import type { CrowdReport } from './desk-crowd.js';
import type { Verdict } from './desk-keyboard.js';
import { must } from './service.js';

interface Floor {
  readonly url: string;
  readonly key: string;
  readonly queue: string;
  readonly flagged: number;
  readonly answers: ReadonlyMap<string, Verdict>;
  readonly crowd: CrowdReport;
}

interface Node {
  readonly id: string;
  readonly externalId: string;
  readonly status: string;
  readonly reviews: readonly { readonly id: string; readonly verdict: Verdict; readonly reviewer: { name: string } }[];
}

/** What is not as it has to be when everybody has gone home: one sentence for each fault. */
export async function faultsIn({ url, key, queue, flagged, answers, crowd }: Floor): Promise<string[]> {
  const faults: string[] = [];
  const items = await everyItem(url, key);
  if (items.length !== flagged) faults.push(`${flagged} items were flagged, ${items.length} are there`);
  let byKeyboard = 0;
  for (const { id, externalId, status, reviews } of items) {
    if (status !== 'RESOLVED') faults.push(`${externalId} is ${status}`);
    if (reviews.length !== 1) faults.push(`${externalId} has ${reviews.length} reviews`);
    const [review] = reviews;
    const pressed = answers.get(externalId);
    if (review?.reviewer.name === 'keyboard') byKeyboard += 1;
    if (pressed && (review?.reviewer.name !== 'keyboard' || review.verdict !== pressed)) {
      faults.push(`${externalId} was ${pressed} by keyboard and is ${review?.verdict} by ${review?.reviewer.name}`);
    }
    const acknowledged = crowd.acknowledged[id];
    if (acknowledged && acknowledged !== review?.id) faults.push(`the acknowledged review of ${externalId} is lost`);
  }
  if (byKeyboard !== answers.size) faults.push(`${answers.size} answers by keyboard, ${byKeyboard} are there`);
  const { queue: found } = await must(url, key, `{ queue(key: "${queue}") { stats { open leased } } }`);
  if (found.stats.open + found.stats.leased > 0) faults.push(`left behind: ${JSON.stringify(found.stats)}`);
  if (Object.keys(crowd.refused).length > 0) faults.push(`the others were refused: ${JSON.stringify(crowd.refused)}`);
  console.log(
    `${items.length} items: ${byKeyboard} answered by keyboard, ${Object.keys(crowd.acknowledged).length} by others; ` +
      `left open ${found.stats.open}, left leased ${found.stats.leased}`,
  );
  return faults.slice(0, 20);
}

async function everyItem(url: string, key: string): Promise<Node[]> {
  const found: Node[] = [];
  for (let after: string | null = null; ;) {
    const page: Record<string, any> = await must(
      url,
      key,
      `query ($after: Cursor) { items(first: 100, after: $after) {
         edges { node { id externalId status reviews { id verdict reviewer { name } } } }
         pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    found.push(...page.items.edges.map((edge: { node: Node }) => edge.node));
    if (!page.items.pageInfo.hasNextPage) return found;
    after = page.items.pageInfo.endCursor as string;
  }
}
