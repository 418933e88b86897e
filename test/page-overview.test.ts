import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { FLAG_MANY, output } from './support/intake.js';
import { eventually, lookAt } from './support/look.js';
import { makePast } from './support/past.js';
import { claim, claimOne, makeQueue, submit, type TestQueue } from './support/reviewing.js';
import type { TestMember } from './support/service.js';

describe.skipIf(isWithoutBrowser)('the overview', () => {
  let service: PageService;
  let browser: Browser;
  let key: string;
  let manager: TestMember;
  let people: TestMember[];
  vi.setConfig({ testTimeout: 90_000 });
  beforeAll(async () => {
    [service, browser] = await Promise.all([startPageService(), launch()]);
    key = await service.key();
    manager = await service.member({ role: Role.MANAGER, name: 'Maya Lind' });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  /** The overview as somebody sees it, the manager unless told. */
  const open = async (member = manager): Promise<Page> => {
    const page = await (await signedIn(browser, service, member)).newPage();
    await page.goto(`${service.origin}/manage/overview`);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    return page;
  };
  const tile = (page: Page, name: string) =>
    page.locator('.tiles > div', { has: page.getByText(name, { exact: true }) }).locator('dd');
  const flag = (queue: TestQueue, from: number, count: number, more: object = {}) =>
    service.do(key, FLAG_MANY, {
      inputs: Array.from({ length: count }, (_, n) =>
        output(`${queue.key}-${from + n}`, {
          queue: queue.key,
          model: { name: 'gpt-5-mini', version: '2025-08-07' },
          ...more,
        }),
      ),
    });

  test('says that there is nothing yet', async () => {
    const page = await open();
    await page.getByText('There is no queue yet').waitFor();
    await lookAt(page, 'overview-empty');
  });

  test('tells at a glance how the loop does, in charts with a table behind each', async () => {
    const support = await makeQueue(service, { key: 'support' });
    const refunds = await makeQueue(service, { key: 'refunds', reviewsRequired: 2 });
    const names: [TestQueue, string][] = [
      [support, 'Support replies'],
      [refunds, 'Refund decisions'],
    ];
    for (const [queue, name] of names) await service.sql(`UPDATE queue SET name = $2 WHERE id = $1`, [queue.id, name]);
    people = await Promise.all(
      ['Ada Berg', 'Bo Chen', 'Cleo Diaz', 'Dan Eriksen'].map((name) => service.member({ name })),
    );
    await makePast(service, { queue: support, reviewers: people, perDay: 64, days: 90 });
    await makePast(service, { queue: refunds, reviewers: people.slice(1, 3), perDay: 17, days: 90 });
    await flag(support, 0, 14);
    await flag(refunds, 0, 9);
    for (const person of people.slice(0, 2)) {
      const { assignments } = await claim(service, person, { queue: refunds.key, count: 6 });
      for (const [i, held] of assignments.entries()) {
        await submit(service, person, held, {
          verdict: i % 3 === 0 && person === people[0] ? 'REJECTED' : 'CONFIRMED',
        });
      }
    }
    const page = await open();
    await eventually(() => tile(page, 'Open').textContent()).toMatch(/^17/);
    expect(await tile(page, 'To adjudicate').textContent()).toMatch(/^2/);
    await page.getByText('The loop works').waitFor();
    await page
      .getByRole('row', { name: /Refund decisions/ })
      .getByText(/^−?[01]\.\d\d/)
      .waitFor();
    await page.getByRole('row', { name: /Ada Berg/ }).waitFor();
    await lookAt(page, 'overview');

    await page.getByRole('button', { name: '7 days' }).click();
    const plot = page.getByRole('slider', { name: /Arrived and answered/ });
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await plot.getAttribute('aria-valuetext')).toMatch(/^\d+ \w+: Arrived \d+, Answered \d+$/);
    await page.locator('.chart', { has: plot }).getByText('Table').click();
    const rows = page.getByRole('region', { name: /Arrived and answered.*as a table/ }).getByRole('row');
    await eventually(() => rows.count()).toBe(8);

    await page.getByRole('button', { name: '90 days' }).click();
    await page.getByRole('button', { name: 'Prompt', exact: true }).click();
    await page.getByRole('row', { name: /support-reply 12/ }).waitFor();
    await lookAt(page, 'overview-quarter');

    await page.getByRole('combobox').selectOption('Refund decisions');
    await eventually(() => tile(page, 'Open').textContent()).toMatch(/^3/);
    expect(await page.getByRole('row', { name: /Support replies/ }).count()).toBe(0);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'All as CSV' }).click(),
    ]);
    expect(download.url()).toContain('queue=refunds');
  });

  test('moves by itself when something happens, and asks for nothing while nothing does', async () => {
    const [queue] = await service.sql<TestQueue>(`SELECT id, key FROM queue WHERE key = 'support'`);
    const page = await open();
    await eventually(() => tile(page, 'Open').textContent()).toMatch(/^17/);
    await flag(queue!, 100, 3);
    await eventually(() => tile(page, 'Open').textContent()).toMatch(/^20/);
    const held = await claimOne(service, people[2]!, queue!);
    await submit(service, people[2]!, held, { verdict: 'CORRECTED', correctedOutput: 'b' });
    await eventually(() => tile(page, 'Open').textContent()).toMatch(/^19/);
  });

  test('names what nobody can take, and what is late', async () => {
    const welsh = await makeQueue(service, { key: 'welsh', skills: ['welsh'] });
    await service.sql(`UPDATE queue SET name = 'Welsh replies' WHERE id = $1`, [welsh.id]);
    const page = await open();
    await flag(welsh, 0, 4);
    await page.getByText('4 items are stuck in Welsh replies').waitFor();
    expect(await tile(page, 'Stuck').textContent()).toMatch(/^4/);
    await lookAt(page, 'overview-stuck');
    await service.sql(`UPDATE member SET skills = '{welsh}' WHERE id = $1`, [people[0]!.id]);
    await service.sql(`UPDATE item SET due_at = now() - interval '1 minute' WHERE queue_id = $1`, [welsh.id]);
    await flag(welsh, 10, 1);
    await page.getByText('4 items are past the deadline in Welsh replies').waitFor();

    // The only one who may decide has escalated.
    const [disputed] = await service.sql(
      `INSERT INTO escalation (project_id, item_id, assignment_id, member_id, note)
       SELECT project_id, id, gen_random_uuid(), $1, 'Who is to say?' FROM item WHERE status = 'NEEDS_ADJUDICATION'
       RETURNING item_id`,
      [manager.id],
    );
    await flag(welsh, 20, 1);
    await page.getByText('2 items wait for a decision in Refund decisions that nobody may make').waitFor();
    expect(await tile(page, 'Stuck').textContent()).toMatch(/^2/);
    await page.goto(`${service.origin}/manage/items/${disputed!.item_id}`);
    await page.getByText('Nobody may decide this.').waitFor();
    await lookAt(page, 'manage-item-undecidable');
    // Left to others before anybody answered, it is hers alone.
    await service.sql(`DELETE FROM review WHERE item_id = $1`, [disputed!.item_id]);
    await page.reload();
    await page.getByText('Only you could take it, and you escalated it.').waitFor();
  });

  test('lets a viewer look on, without what single people do', async () => {
    const page = await open(await service.member({ role: Role.VIEWER }));
    await page.getByRole('heading', { name: 'Corrections by version' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Reviewers' }).count()).toBe(0);
  });

  test('says what is wrong when the service does not answer, and what was read stays', async () => {
    const page = await open();
    await eventually(() => tile(page, 'Open').textContent()).toMatch(/^\d/);
    await page.route('**/graphql', (route) => route.abort());
    await page.getByRole('button', { name: '7 days' }).click();
    await page.getByRole('alert').getByText('The service does not answer.').first().waitFor();
    expect(await tile(page, 'Open').textContent()).toMatch(/^\d/);
    await page.unroute('**/graphql');
    for (const button of (await page.getByRole('button', { name: 'Try again' }).all()).toReversed())
      await button.click();
    await eventually(() => page.getByRole('alert').count()).toBe(0);
  });
});
