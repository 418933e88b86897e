import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { FLAG_MANY, output } from './support/intake.js';
import { eventually, lookAt } from './support/look.js';
import { claimOne, makeQueue, submit, type TestQueue } from './support/reviewing.js';

describe.skipIf(isWithoutBrowser)('the items of the managers’ area', () => {
  let service: PageService;
  let browser: Browser;
  vi.setConfig({ testTimeout: 180_000 });
  beforeAll(async () => {
    [service, browser] = await Promise.all([startPageService(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  async function flag(queue: TestQueue, count: number, extra: object = {}): Promise<string[]> {
    const inputs = Array.from({ length: count }, (_, n) => output(`${queue.key}-${n}`, { queue: queue.key, ...extra }));
    const { flagOutputs } = await service.do<any>(await service.key(), FLAG_MANY, { inputs });
    return flagOutputs.rows.map((row: any) => row.payload.item.id);
  }

  async function open(address: string, role = Role.MANAGER): Promise<Page> {
    const member = await service.member({ role, name: `${role.toLowerCase()} ${address.slice(-12)}` });
    const page = await (await signedIn(browser, service, member)).newPage();
    await page.goto(service.origin + address);
    return page;
  }
  const rows = (page: Page) => page.locator('table.items tbody tr');

  test('are searched by what stands in the address, page by page, and change while they are looked at', async () => {
    const queue = await makeQueue(service, { key: 'refunds' });
    const other = await makeQueue(service, { key: 'letters' });
    await flag(queue, 60, { tags: ['vip'], risk: 'HIGH' });
    await flag(other, 3);
    const ann = await service.member({ name: 'Ann Reviewer' });
    const page = await open('/manage/items?queue=refunds');
    await rows(page).nth(49).waitFor();
    expect(await rows(page).count()).toBe(50);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await rows(page).nth(59).waitFor();

    await page.getByLabel('External id').fill('refunds-7');
    await page.getByLabel('External id').press('Enter');
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?queue=refunds&externalId=refunds-7');
    await page.reload();
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.goBack();
    await page.getByLabel('Queue').selectOption('letters');
    await expect.poll(() => rows(page).count()).toBe(3);
    await page.locator('td', { hasText: 'open' }).first().waitFor();

    await claimOne(service, ann, other);
    await page.locator('td', { hasText: 'Ann Reviewer' }).waitFor();
    await page.getByLabel('Held by').selectOption({ label: 'Ann Reviewer' });
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.getByRole('button', { name: 'Clear' }).click();
    await rows(page).nth(49).waitFor();
    await lookAt(page, 'manage-items');
    await page.getByLabel('Source').fill('nowhere');
    await page.getByLabel('Source').press('Enter');
    await page.getByText('Nothing meets this search.').waitFor();
  });

  test('are found by what their texts say, while it is typed, and the place is shown as plain text', async () => {
    const queue = await makeQueue(service, { key: 'texts' });
    await flag(queue, 3);
    await flag(await makeQueue(service, { key: 'flights' }), 2, {
      input: 'Who flies?',
      output: 'A <img src=x onerror="document.title=1"> <b>zeppelin</b> \u202eflies',
    });
    const behind = `SELECT FROM evidence e WHERE NOT EXISTS (SELECT FROM item_text t WHERE t.item_id = e.item_id)`;
    await eventually(() => service.sql(behind)).toEqual([]);
    const page = await open('/manage/items');
    await rows(page).nth(4).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('zepp');
    await page.getByText('Nothing meets this search.').waitFor();
    await page.keyboard.type('elin flies');
    await eventually(() => rows(page).count()).toBe(2);
    expect(new URL(page.url()).search).toBe('?text=zeppelin+flies');
    expect(await page.locator('.found mark').first().textContent()).toBe('zeppelin');
    expect(await page.locator('.found').first().textContent()).toContain('<img src=x onerror="document.title=1"> <b>');
    expect(await page.locator('.found img, .found b').count()).toBe(0);
    await lookAt(page, 'manage-items-search');
    await page.reload();
    await eventually(() => rows(page).count()).toBe(2);
    expect(await page.getByRole('searchbox', { name: /^Text/ }).inputValue()).toBe('zeppelin flies');
    await page.getByLabel('Queue').selectOption('texts');
    await page.getByText('Nothing meets this search.').waitFor();
    await page.goBack();
    await eventually(() => rows(page).count()).toBe(2);
    await page.getByRole('searchbox', { name: /^Text/ }).fill('a*');
    await page.getByText('a beginning needs at least 2 letters').waitFor();
    expect(await rows(page).count()).toBe(0);
    await page.getByRole('button', { name: 'Clear' }).click();
    await rows(page).nth(4).waitFor();
    await page.context().close();
  });

  test('an address that asks for what there is not is told in words, with what there is', async () => {
    await flag(await makeQueue(service, { key: 'sense' }), 1);
    const page = await open('/manage/items?queue=sense&risk=X&assignee=ann&status=later');
    const alert = page.getByRole('alert');
    await alert.getByText('Risk cannot be “X”; it can be LOW, MEDIUM, HIGH, CRITICAL.').waitFor();
    await alert.getByText('Held by cannot be “ann”').waitFor();
    await alert.getByText('Status cannot be “later”; it can be waiting, open').waitFor();
    expect(await rows(page).count()).toBe(0);
    await lookAt(page, 'manage-items-nonsense');
    await alert.getByRole('button', { name: 'Search without it' }).click();
    await eventually(() => rows(page).count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?queue=sense');
    expect(await alert.count()).toBe(0);
    await page.goto(`${service.origin}/manage/items?queue=nowhere`);
    await page.getByText('There is no queue “nowhere”.').waitFor();
    await page.goto(`${service.origin}/manage/items/not-an-id`);
    await page.getByText('There is no such item').waitFor();
  });

  test('on a phone stand on the first screen: filters are behind a button that counts them', async () => {
    await flag(await makeQueue(service, { key: 'pocketful' }), 3);
    const page = await open('/manage/items?queue=pocketful');
    await rows(page).nth(2).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    const fold = page.getByRole('button', { name: 'Filters 1 set' });
    await fold.waitFor();
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    expect(await page.getByLabel('Queue').isVisible()).toBe(false);
    expect((await rows(page).nth(2).boundingBox())!.y).toBeLessThan(844);
    await fold.click();
    await page.getByLabel('Source').fill('nowhere');
    await page.getByLabel('Source').press('Enter');
    await page.getByRole('button', { name: 'Hide filters 2 set' }).click();
    await page.getByText('Nothing meets this search.').waitFor();
    // Where the bar of pages goes on is seen, and seen no more at its end.
    const pages = page.getByRole('navigation', { name: 'Pages' });
    await eventually(() => pages.getAttribute('class')).toContain('more-right');
    await page.getByRole('link', { name: 'People' }).scrollIntoViewIfNeeded();
    await eventually(() => pages.getAttribute('class')).toBe('pages more-left');
  });

  test('are moved, bumped, assigned and withdrawn in bulk, with a count first', async () => {
    const queue = await makeQueue(service, { key: 'bulk' });
    const target = await makeQueue(service, { key: 'target' });
    const ids = await flag(queue, 55);
    const ann = await service.member({ name: 'Bulk Ann' });
    const page = await open('/manage/items?queue=bulk');
    await page.getByLabel('Choose bulk-54', { exact: true }).check();
    await page.getByLabel('Choose bulk-53', { exact: true }).check();
    await page.getByRole('button', { name: 'Assign…' }).click();
    await page.getByLabel('To whom').selectOption({ label: 'Bulk Ann' });
    await page.getByRole('button', { name: 'Assign: 2 items' }).click();
    await page.getByText('2 items were changed').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('td', { hasText: 'Bulk Ann' }).count()).toBe(2);
    expect(await service.sql(`SELECT FROM assignment WHERE member_id = $1`, [ann.id])).toHaveLength(2);

    await page.getByLabel('Choose bulk-54', { exact: true }).check();
    await page.getByRole('button', { name: 'Take back…' }).click();
    await page.getByRole('button', { name: 'Take back: 1 item' }).click();
    await page.getByText('1 item was changed').waitFor();
    await page.keyboard.press('Enter');

    // Of a whole search too: whoever holds something of it gives it back.
    await page.getByLabel('Choose all that are shown').check();
    await page.getByRole('button', { name: 'Choose the whole search' }).click();
    await page.getByRole('button', { name: 'Take back…' }).click();
    await page.getByRole('button', { name: 'Take back: 55 items' }).click();
    await page.getByText('1 item was changed; 54 stayed as they were:').waitFor();
    await page.getByText('54 are held by nobody', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    expect(await service.sql(`SELECT FROM assignment WHERE member_id = $1`, [ann.id])).toHaveLength(0);
    await page.getByLabel('Choose all that are shown').check();
    await page.getByRole('button', { name: 'Choose the whole search' }).click();
    await page.getByRole('button', { name: 'Assign…' }).click();
    await page.getByLabel('To whom').selectOption({ label: 'Bulk Ann' });
    await page.getByRole('button', { name: 'Assign: 55 items' }).click();
    await page.getByText('55 items were changed').waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('Choose all that are shown').check();
    await page.getByRole('button', { name: 'Choose the whole search' }).click();
    await page.getByRole('button', { name: 'Take back…' }).click();
    await page.getByRole('button', { name: 'Take back: 55 items' }).click();
    await page.getByText('55 items were changed').waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('Choose bulk-53', { exact: true }).check();
    await page.getByRole('button', { name: 'Assign…' }).click();
    await page.getByLabel('To whom').selectOption({ label: 'Bulk Ann' });
    await page.getByRole('button', { name: 'Assign: 1 item' }).click();
    await page.getByText('1 item was changed').waitFor();
    await page.keyboard.press('Enter');

    await page.getByLabel('Choose all that are shown').check();
    await page.getByRole('button', { name: 'Choose the whole search' }).click();
    await page.getByRole('button', { name: 'Move…' }).click();
    await page.getByLabel('To which queue').selectOption('target');
    // Somebody is faster: the count is no longer what was shown, nothing is moved, and the new count is there.
    await page.getByRole('button', { name: 'to another queue: 55 items' }).waitFor();
    await service.do(manager.token, `mutation ($i: WithdrawItemInput!) { withdrawItem(input: $i) { item { id } } }`, {
      i: { itemId: ids[0] },
    });
    await page.getByRole('button', { name: 'to another queue: 55 items' }).click();
    await page.getByText('These are 54 items by now, not 55').waitFor();
    await lookAt(page, 'manage-items-bulk');
    await page.getByRole('button', { name: 'to another queue: 54 items' }).click();
    await page.getByText('53 items were changed; 1 stayed as it was:').waitFor();
    await page.getByText('1 is held by Bulk Ann', { exact: true }).waitFor();
    await lookAt(page, 'manage-items-stayed');
    await page.keyboard.press('Enter');
    const moved = () => service.sql(`SELECT FROM item WHERE queue_id = $1`, [target.id]);
    expect(await moved()).toHaveLength(53);

    await page.goto(`${service.origin}/manage/items?queue=target`);
    await page.getByLabel('Choose bulk-40', { exact: true }).check();
    await page.getByRole('button', { name: 'Bump…' }).click();
    await page.getByLabel(/Priority, 0 to 9/).fill('7');
    await page.getByRole('button', { name: /deadline: 1 item/ }).click();
    await page.getByText('1 item was changed').waitFor();
    expect(await service.sql(`SELECT FROM item WHERE priority = 7`)).toHaveLength(1);
  });

  let manager: { id: string; token: string };
  beforeAll(async () => {
    manager = await service.member({ role: Role.MANAGER, name: 'Mona Manager' });
  });

  test('tell at a glance who approved what and when, and all that happened', async () => {
    const fields = [
      {
        name: 'failure',
        type: 'CHOICE',
        label: 'What was wrong?',
        required: false,
        options: [{ value: 'fact', label: 'A fact' }],
      },
    ];
    const queue = await makeQueue(service, { key: 'audit', reviewsRequired: 2, fields });
    const [id] = await flag(queue, 1, {
      output: 'You can return it within 60 days.',
      tags: ['vip'],
      reasons: ['low confidence'],
    });
    const [ann, bob] = [await service.member({ name: 'Ann Audit' }), await service.member({ name: 'Bob Audit' })];
    await submit(service, ann, await claimOne(service, ann, queue), {
      verdict: 'CORRECTED',
      correctedOutput: 'You can return it within 30 days.',
      labels: { failure: 'fact' },
      comment: 'The policy changed in May.',
    });
    const page = await open(`/manage/items/${id}`);
    await page.getByText('None yet.').waitFor();
    await page.getByText('Ann Audit answered: corrected').waitFor();
    const held = await claimOne(service, bob, queue);
    await page.getByText('Bob Audit holds it until').waitFor();
    await submit(service, bob, held, { verdict: 'REJECTED' });
    await page.getByText('The reviewers disagree').waitFor();
    await service.do(manager.token, `mutation ($i: AdjudicateInput!) { adjudicate(input: $i) { item { id } } }`, {
      i: { itemId: id, verdict: 'CONFIRMED', comment: 'It is 60 days for members.' },
    });
    const answer = page.getByRole('region', { name: 'Answer', exact: true });
    await answer.getByText('by Mona Manager').waitFor();
    await answer.getByText('confirmed').waitFor();
    await page.getByText('Resolved as confirmed by adjudication of Mona Manager').waitFor();
    expect(await page.locator('.columns article').count()).toBe(2);
    expect(await page.locator('ins').allTextContents()).toEqual(['30']);
    await lookAt(page, 'manage-item');
  });

  test('are looked at by viewers, who change nothing, and by no reviewer', async () => {
    const queue = await makeQueue(service, { key: 'viewed' });
    const [id] = await flag(queue, 1);
    const viewer = await open(`/manage/items?queue=viewed`, Role.VIEWER);
    await rows(viewer).first().waitFor();
    expect(await viewer.locator('table.items input[type=checkbox]').count()).toBe(0);
    await viewer.getByRole('link', { name: 'viewed-0' }).click();
    await viewer.getByText('Flagged by the key “test” into viewed').waitFor();
    expect(await viewer.getByRole('button', { name: /…$/ }).count()).toBe(0);
    const reviewer = await open(`/manage/items/${id}`, Role.REVIEWER);
    await reviewer.getByText('There is no such page').waitFor();
    const missing = await open(`/manage/items/${queue.id}`);
    await missing.getByText('There is no such item').waitFor();
  });
});
