import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { atDesk, isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { until } from './support/built.js';
import { claimOne, makeItem, makeItems, makeQueue, type TestQueue } from './support/reviewing.js';
import type { TestMember } from './support/service.js';

const SLOW_MS = 30_000;
/** More than a page listens to. */
const MANY_QUEUES = 18;

describe.skipIf(isWithoutBrowser)('the desk of a reviewer who is available', () => {
  let service: PageService;
  let browser: Browser;
  let member: TestMember;
  vi.setConfig({ testTimeout: 60_000 });
  beforeAll(async () => {
    [service, browser] = await Promise.all([startPageService(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });
  beforeEach(async () => {
    // Who was there in the test before has left, or would be given what is made here.
    await until(async () => (await service.sql(`SELECT FROM presence`)).length === 0, SLOW_MS);
    for (const table of ['assignment', 'ticket']) await service.sql(`DELETE FROM ${table}`);
    member = await service.member();
  });

  const isThere = async () => (await service.sql(`SELECT FROM presence WHERE member_id = $1`, [member.id])).length > 0;
  const held = (by: TestMember) => service.sql(`SELECT FROM assignment WHERE member_id = $1`, [by.id]);
  const shown = (page: Page, item: string) =>
    page.locator('.title .id', { hasText: item }).waitFor({ timeout: SLOW_MS });
  const open = async (as: TestMember): Promise<Page> => {
    const page = await (await signedIn(browser, service, as)).newPage();
    await page.goto(service.origin);
    return page;
  };
  /** An item that the log tells of, as a flag does. */
  const flagged = async (queue: TestQueue): Promise<string> => {
    const item = await makeItem(service, queue);
    await service.sql(
      `INSERT INTO outbox (project_id, kind, actor, item_id, queue_id) VALUES ($1, 'ITEM_FLAGGED', 'system', $2, $3)`,
      [service.projectId, item, queue.id],
    );
    return item;
  };

  test('is given what arrives without asking, until they take a break', async () => {
    let queue = await makeQueue(service);
    for (let i = 1; i < MANY_QUEUES; i += 1) queue = await makeQueue(service);
    const page = await open(member);
    await page.getByRole('heading', { name: 'Nothing open' }).waitFor();
    await until(isThere, SLOW_MS);
    const first = await flagged(queue);
    await shown(page, first);
    const [claimed] = await service.sql(
      `SELECT data FROM event WHERE kind = 'ASSIGNMENT_CLAIMED' AND item_id = $1 AND actor = 'system'`,
      [first],
    );
    expect(claimed?.data.memberId).toBe(member.id);

    // The next one is claimed by the desk itself, so that items come in their order.
    const second = await flagged(queue);
    await page.locator('.queue', { hasText: queue.key }).click();
    await until(async () => (await held(member)).length === 2, SLOW_MS);
    // What waits beside the one in hand is there for others, and nobody is there to be given work.
    await page.keyboard.press('p');
    await page.getByText('This one is your last').waitFor();
    await until(async () => (await service.sql(`SELECT FROM ticket WHERE item_id = $1`, [second])).length === 1);
    await until(async () => !(await isThere()), SLOW_MS);
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: 'You are taking a break' }).waitFor();
    const onBreak = page.getByRole('switch', { name: 'Available: On a break', checked: false });
    expect(await onBreak.innerText()).toContain('On a break');
    await page.getByRole('button', { name: 'Go on' }).click();
    await shown(page, second);
    await until(isThere, SLOW_MS);
    await page.close();
    await until(async () => !(await isThere()), SLOW_MS);
  });

  test('shows at once what a manager assigns', async () => {
    const queue = await makeQueue(service, { skills: ['rare'] });
    const [own, assigned] = await makeItems(service, queue, [{}, {}]);
    const [manager, other] = [await service.member({ role: Role.MANAGER }), await service.member({ skills: ['rare'] })];
    await claimOne(service, other);
    const page = await open(member);
    await page.getByRole('heading', { name: 'Not for you' }).waitFor();
    await service.sql(`UPDATE member SET skills = '{rare}' WHERE id = $1`, [member.id]);
    await service.do(
      manager.token,
      `mutation ($input: AssignItemInput!) { assignItem(input: $input) { item { id } } }`,
      { input: { itemId: assigned, memberId: member.id } },
    );
    await shown(page, assigned!);
    expect(await service.sql(`SELECT member_id FROM assignment WHERE item_id = $1`, [own])).toEqual([
      { member_id: other.id },
    ]);
  });

  test('takes nothing more once an item has run out in their hand: they may have gone', async () => {
    await makeItems(service, await makeQueue(service), [{}, {}]);
    const page = await atDesk(await signedIn(browser, service, member), service);
    await until(async () => (await held(member)).length === 2, SLOW_MS);
    await until(isThere, SLOW_MS);
    await service.sql(`UPDATE assignment SET lease_expires_at = now() - interval '1 second'`);
    await page.getByText('You no longer hold this item.').waitFor({ timeout: SLOW_MS });
    const other = await service.member();
    const elsewhere = await open(other);
    await elsewhere.locator('.desk').waitFor({ timeout: SLOW_MS });
    await until(async () => (await held(other)).length === 2, SLOW_MS);
    // Whoever is there after all goes on by a key.
    await elsewhere.keyboard.press('c');
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'All taken' }).waitFor();
  });
});
