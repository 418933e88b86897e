import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { until } from './support/built.js';
import { lookAt } from './support/look.js';
import { claimOne, codeOf, makeItem, makeItems, submit } from './support/reviewing.js';
import type { TestMember } from './support/service.js';

describe.skipIf(isWithoutBrowser)('people and keys', () => {
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

  async function open(member: TestMember): Promise<Page> {
    const page = await (await signedIn(browser, service, member)).newPage();
    await page.goto(`${service.origin}/manage/people`);
    await page.getByRole('heading', { name: 'People' }).waitFor();
    return page;
  }
  const shownOnce = (page: Page) => page.getByLabel('Shown once').inputValue();
  const WHO = `{ viewer { member { name role } scopes expiresAt } }`;

  test('somebody is invited by a link that works once, changed, and let out', async () => {
    const page = await open(await service.member({ role: Role.ADMIN, name: 'Ada Admin' }));
    await page.getByRole('button', { name: 'Invite…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Ada Admin');
    await page.getByLabel(/^Skills/).fill('law, french');
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    await page.getByText('A member is called "Ada Admin" already').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Nora New');
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    await page.getByLabel('Shown once').waitFor();
    await lookAt(page, 'manage-people-invite');
    const link = await shownOnce(page);
    await page.getByRole('button', { name: 'I have kept it' }).click();

    const guest = await (await browser.newContext()).newPage();
    await guest.goto(link);
    await guest.getByText('Nora New').waitFor();

    await page.getByRole('button', { name: 'Edit… Nora New' }).click();
    await page.getByLabel('Role').selectOption('VIEWER');
    await page.getByLabel(/hold at once/).fill('3');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const row = page.getByRole('row', { name: /Nora New/ });
    await row.getByText('viewer').waitFor();
    expect(await row.textContent()).toContain('french, law');

    await page.getByRole('button', { name: 'Deactivate… Nora New' }).click();
    await page.getByRole('button', { name: 'Deactivate', exact: true }).click();
    await row.getByText('deactivated').waitFor();
    await guest.reload();
    await guest.getByLabel('Personal token').waitFor();

    // The last admin stays.
    await page.getByRole('button', { name: 'Deactivate… Ada Admin' }).click();
    await page.getByRole('button', { name: 'Deactivate', exact: true }).click();
    await page.getByText('This is the last active admin').waitFor();
    await guest.context().close();
  });

  test('keys and tokens are shown once, may what they were made for, and end when they are revoked', async () => {
    const admin = await service.member({ role: Role.ADMIN, name: 'Kay Keys' });
    const page = await open(admin);
    await page.getByRole('button', { name: 'Key for an app…' }).click();
    await page.getByLabel(/^Name/).fill('checkout');
    await page.getByLabel(/^Read:/).check();
    await page.getByLabel(/^Works until/).fill('2090-01-31');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByLabel('Shown once').waitFor();
    const key = await shownOnce(page);
    expect(key).toMatch(/^csk_/);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    const { viewer } = await service.do<any>(key, WHO);
    expect(viewer).toMatchObject({ member: null, scopes: ['FLAG', 'READ'] });
    expect(viewer.expiresAt).toMatch(/^2090-0[12]/);
    expect(await page.content()).not.toContain(key);
    await page.getByRole('row', { name: /checkout.*flag, read/ }).waitFor();
    await lookAt(page, 'manage-people');

    await page.getByRole('button', { name: 'Revoke… checkout' }).click();
    await page.getByText('It cannot be taken back').waitFor();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('row', { name: /checkout/ }).waitFor({ state: 'detached' });
    await expect.poll(async () => codeOf(await service.ask(key, WHO))).toBe('UNAUTHENTICATED');

    await page.getByRole('button', { name: 'Personal token…' }).click();
    await page.getByLabel(/^Name/).fill('my laptop');
    await page.getByRole('button', { name: 'Make the token' }).click();
    await page.getByLabel('Shown once').waitFor();
    const token = await shownOnce(page);
    expect((await service.do<any>(token, WHO)).viewer.member).toEqual({ name: 'Kay Keys', role: 'ADMIN' });
  });

  test('a manager sees everybody and makes tokens of their own; others do not see the page', async () => {
    const page = await open(await service.member({ role: Role.MANAGER, name: 'Mona Manager' }));
    await page.getByRole('row', { name: 'Mona Manager manager' }).waitFor();
    expect(await page.getByRole('button', { name: /Invite|Edit|Deactivate|Key for an app/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Personal token…' }).click();
    expect(await page.getByLabel('Who it acts for').count()).toBe(0);
    const viewer = await signedIn(browser, service, await service.member({ role: Role.VIEWER }));
    const other = await viewer.newPage();
    await other.goto(`${service.origin}/manage/people`);
    await other.getByText('There is no such page').waitFor();
  });

  test('who is wrong where the answer is known is paused, live, and let go on; known answers are made and retired', async () => {
    const manager = await service.member({ role: Role.MANAGER });
    const ann = await service.member({ name: 'Ann Reviewer' });
    const rubric = [{ name: 'tone', type: 'BOOLEAN', label: 'Is the tone right?' }];
    await service.do(manager.token, `mutation ($i: SaveQueueInput!) { saveQueue(input: $i) { queue { key } } }`, {
      i: { key: 'claims', name: 'Claims', goldBar: 0.8, goldMinimum: 1, rubric },
    });
    const [queue] = await service.sql<{ id: string }>(`SELECT id FROM queue WHERE key = 'claims'`);
    // Every claim gets a known answer as long as there is one.
    await service.sql(`ALTER TABLE queue DROP CONSTRAINT queue_gold_rate_range`);
    await service.sql(`UPDATE queue SET gold_rate = 1`);
    const item = await makeItem(service, { id: queue!.id, key: 'claims' });
    expect(
      codeOf(await submit(service, manager, await claimOne(service, manager, { id: queue!.id, key: 'claims' }))),
    ).toBe(null);

    // Known answers go among what waits.
    await makeItems(service, { id: queue!.id, key: 'claims' }, [{}, {}, {}]);

    const page = await (await signedIn(browser, service, manager)).newPage();
    await page.goto(`${service.origin}/manage/items/${item}`);
    await page.getByRole('button', { name: 'Make it a known answer…' }).click();
    await page.getByRole('dialog').getByText('Right is the answer that it has').waitFor();
    await lookAt(page, 'manage-gold-make');
    await page.getByRole('dialog').getByRole('button', { name: 'Make it a known answer' }).click();
    await page.getByRole('link', { name: 'See the known answers' }).click();
    const region = (name: string) => page.getByRole('region', { name });
    await region('Paused').getByText('Nobody is paused in any queue.').waitFor();
    await region('Known answers of Claims').getByText('nobody answered yet').waitFor();

    await page.getByRole('button', { name: 'Write one' }).click();
    await page.getByLabel('What the system was asked').fill('May I pay in shells?');
    await page.getByLabel('What it answered').fill('{ "answer": "Yes." }');
    await page.getByText('Taken as JSON.').waitFor();
    await page.getByLabel('corrected').check();
    await page.getByLabel(/^The right output/).fill('{ "answer": "No." }');
    await page.getByRole('button', { name: 'Yes', exact: true }).click();
    await lookAt(page, 'manage-gold-new');
    await page.getByRole('button', { name: 'Mix it in' }).click();
    await page.locator('.what', { hasText: 'May I pay in shells?' }).click();
    await page.getByText('Right instead').waitFor();

    // While the manager looks, somebody gives a wrong answer to one of them.
    const held = await claimOne(service, ann, { id: queue!.id, key: 'claims' });
    expect(codeOf(await submit(service, ann, held, { verdict: 'REJECTED' }))).toBeNull();
    await region('Paused').getByText('0 of 1 known answers right, 80 % asked for').waitFor();
    const accuracyOf = async () => {
      const { reviewerStats } = await service.do<any>(
        manager.token,
        `{ reviewerStats(queue: "claims") { member { id } gold { answered } } }`,
      );
      return reviewerStats.find((one: any) => one.member.id === ann.id)?.gold.answered;
    };
    await until(async () => (await accuracyOf()) === 1);
    await page.reload();
    const row = page.getByRole('row', { name: /Ann Reviewer/ });
    await row.getByText('0 of 1').waitFor();
    await row.getByText('0 % to 79 %').waitFor();
    await page.locator('.what', { hasText: 'May I pay in shells?' }).click();
    await lookAt(page, 'manage-gold');
    await page.getByRole('button', { name: /^Let go on.*Ann Reviewer/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Let Ann Reviewer go on in Claims' });
    await dialog.getByText('This cannot be undone').waitFor();
    await lookAt(page, 'manage-gold-go-on');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await region('Paused').getByText('Ann Reviewer', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Let go on.*Ann Reviewer/ }).click();
    await dialog.getByRole('button', { name: 'Let go on', exact: true }).click();
    await region('Paused').getByText('Nobody is paused in any queue.').waitFor();

    await page.getByRole('button', { name: 'Retire…' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retire', exact: true }).click();
    await region('Known answers of Claims').getByText('retired', { exact: true }).waitFor();

    // On another page it is told as well.
    await page.goto(`${service.origin}/manage/queues`);
    await page.getByRole('link', { name: 'Claims' }).waitFor();
    const bob = await service.member({ name: 'Bob Reviewer' });
    const next = await claimOne(service, bob, { id: queue!.id, key: 'claims' });
    expect(codeOf(await submit(service, bob, next, { verdict: 'REJECTED' }))).toBeNull();
    await page.getByText('Bob Reviewer is paused in Claims: 0 of 1 known answers right.').waitFor();
    await lookAt(page, 'manage-paused-notice');
    await page.getByRole('link', { name: 'See', exact: true }).click();
    await region('Paused').getByText('Bob Reviewer', { exact: true }).waitFor();
  });
});
