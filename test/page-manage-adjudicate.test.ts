import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { until } from './support/built.js';
import { FLAG_MANY, output } from './support/intake.js';
import { lookAt } from './support/look.js';
import { claimOne, leaseOf, makeItem, makeItems, makeQueue, submit, type TestQueue } from './support/reviewing.js';
import type { TestMember } from './support/service.js';

const FIELDS = [
  {
    name: 'failure',
    type: 'CHOICE',
    label: 'What was wrong?',
    required: true,
    options: [
      { value: 'none', label: 'Nothing' },
      { value: 'fact', label: 'A fact' },
    ],
  },
];

describe.skipIf(isWithoutBrowser)('adjudication', () => {
  let service: PageService;
  let browser: Browser;
  vi.setConfig({ testTimeout: 90_000 });
  beforeAll(async () => {
    [service, browser] = await Promise.all([startPageService(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  let ann: TestMember;
  let bob: TestMember;
  const tidy = () => service.sql(`UPDATE item SET status = 'WITHDRAWN' WHERE status = 'NEEDS_ADJUDICATION'`);
  /** Items about which Ann and Bob do not agree, the first one first. */
  async function disputes(count: number): Promise<{ queue: TestQueue; ids: string[] }> {
    ann ??= await service.member({ name: 'Ann Reviewer', role: Role.MANAGER });
    bob ??= await service.member({ name: 'Bob Reviewer' });
    await tidy();
    const queue = await makeQueue(service, { reviewsRequired: 2, fields: FIELDS });
    const inputs = Array.from({ length: count }, (_, n) =>
      output(`${queue.key}-${n}`, { queue: queue.key, output: 'You can return it within 60 days.' }),
    );
    const { flagOutputs } = await service.do<any>(await service.key(), FLAG_MANY, { inputs });
    for (let n = 0; n < count; n++) {
      await submit(service, ann, await claimOne(service, ann, queue), {
        verdict: 'CORRECTED',
        correctedOutput: 'You can return it within 30 days.',
        labels: { failure: 'fact' },
        comment: 'The policy changed.',
      });
      await submit(service, bob, await claimOne(service, bob, queue), {
        verdict: 'CORRECTED',
        correctedOutput: 'You cannot return it within 60 days.',
        labels: { failure: 'none' },
      });
    }
    return { queue, ids: flagOutputs.rows.map((row: any) => row.payload.item.id) };
  }
  async function open(member: TestMember, address = '/manage/adjudicate'): Promise<Page> {
    const page = await (await signedIn(browser, service, member)).newPage();
    await page.goto(service.origin + address);
    return page;
  }
  const resolutionOf = async (id: string) =>
    (await service.sql(`SELECT verdict, output, labels, comment FROM resolution WHERE item_id = $1`, [id]))[0];

  test('knows of all that wait, however many, and begins with the one that waits longest', async () => {
    await tidy();
    const ids = await makeItems(
      service,
      await makeQueue(service),
      Array.from({ length: 230 }, () => ({})),
    );
    await service.sql(`UPDATE item SET status = 'NEEDS_ADJUDICATION' WHERE id = ANY ($1)`, [ids]);
    const page = await open(await service.member({ role: Role.MANAGER }));
    await page.getByText('230 wait', { exact: true }).waitFor();
    await expect.poll(() => page.url()).toContain(ids[0]);
    await tidy();
  });

  test('takes one reviewer’s answer or one’s own by keys, and shows the next dispute at once', async () => {
    const { queue, ids } = await disputes(3);
    const page = await open(await service.member({ role: Role.MANAGER, name: 'Mona' }));
    await page.getByText('3 wait').waitFor();
    const title = page.locator('.dispute-title');
    await title.getByText(`${queue.key}-0`).waitFor();
    expect(await page.locator('.columns article').count()).toBe(2);
    expect(await page.locator('.labels .differ').count()).toBe(1);
    await page.getByLabel('Compare corrections with').selectOption({ label: 'Ann Reviewer’s correction' });
    await page.locator('.columns ins', { hasText: '60' }).waitFor();

    await page.keyboard.press('1');
    await expect.poll(() => page.locator('#correction').inputValue()).toBe('You can return it within 30 days.');
    // Keys stay keys: nobody has begun to write.
    await page.keyboard.press('m');
    await page.keyboard.type('Ann has read the policy.');
    await page.keyboard.press('Escape');
    await lookAt(page, 'manage-adjudicate');
    await page.keyboard.press('d');
    await title.getByText(`${queue.key}-1`).waitFor();
    expect(await resolutionOf(ids[0]!)).toEqual({
      verdict: 'CORRECTED',
      output: 'You can return it within 30 days.',
      labels: { failure: 'fact' },
      comment: 'Ann has read the policy.',
    });

    // One's own: the rubric asks for an answer first, and digits give it once the question is marked.
    await page.keyboard.press('c');
    await page.getByText('Answer “What was wrong?” first.').waitFor();
    await page.keyboard.press('q');
    await page.keyboard.press('1');
    await page.keyboard.press('c');
    await title.getByText(`${queue.key}-2`).waitFor();
    expect(await resolutionOf(ids[1]!)).toMatchObject({ verdict: 'CONFIRMED', labels: { failure: 'none' } });

    // What is written outlives the tab, and a dispute that somebody else decides is not decided twice.
    await page.keyboard.press('e');
    await page.locator('#correction').fill('Ask us about returns.');
    await page.reload();
    await expect.poll(() => page.locator('#correction').inputValue()).toBe('Ask us about returns.');
    const other = await service.member({ role: Role.ADMIN });
    await service.do(other.token, `mutation ($i: AdjudicateInput!) { adjudicate(input: $i) { item { id } } }`, {
      i: { itemId: ids[2], verdict: 'REJECTED', labels: { failure: 'fact' } },
    });
    await page.getByText('Somebody else has decided this item just now.').waitFor();
    await page.goto(`${service.origin}/manage/adjudicate`);
    await page.getByText('Nobody disagrees').waitFor();
    await lookAt(page, 'manage-adjudicate-nothing');
  });

  test('is not for one of the reviewers, and says so', async () => {
    const { ids } = await disputes(1);
    const page = await open(ann);
    await page.getByText('You reviewed this item; somebody who did not has to decide it.').waitFor();
    await page.keyboard.press('c');
    expect(await page.getByRole('button', { name: /Confirm/ }).count()).toBe(0);
    expect(await resolutionOf(ids[0]!)).toBeUndefined();
    const viewer = await open(await service.member({ role: Role.VIEWER }));
    await viewer.getByText('There is no such page').waitFor();
  });

  test('hears of new disputes by itself, and keeps a decision that could not be sent', async () => {
    await tidy();
    const context = await signedIn(browser, service, await service.member({ role: Role.MANAGER }));
    const page = await context.newPage();
    await page.goto(`${service.origin}/manage/adjudicate`);
    await page.getByText('Nobody disagrees').waitFor();
    const { ids } = await disputes(1);
    await page.locator('.columns article').first().waitFor();
    await page.keyboard.press('2');
    await page.locator('#correction').waitFor();
    await page.route('**/graphql', (route) => route.abort());
    await page.keyboard.press('d');
    await page.getByText(/Your decision is kept here; try again/).waitFor();
    await page.unroute('**/graphql');
    await page.keyboard.press('d');
    await until(async () => (await resolutionOf(ids[0]!)) !== undefined);
    expect(await resolutionOf(ids[0]!)).toMatchObject({ output: 'You cannot return it within 60 days.' });
  });

  test('answers every kind of question, and marks words in the output by keys', async () => {
    await tidy();
    ann ??= await service.member({ name: 'Ann Reviewer', role: Role.MANAGER });
    const options = [{ value: 'claim', label: 'Claim' }];
    const words = { name: 'words', type: 'SPANS', label: 'Which words?', required: true, options, maxSpans: 9 };
    const queue = await makeQueue(service, { fields: [{ ...words, overlap: false }] });
    const item = await makeItem(service, queue, { output: 'No returns.' });
    const held = await claimOne(service, ann, queue);
    const input = { ...leaseOf(held), note: 'Which words?' };
    await service.do(ann.token, `mutation ($input: EscalateInput!) { escalate(input: $input) { item { id } } }`, {
      input,
    });
    const page = await open(await service.member({ role: Role.MANAGER }));
    await page.locator('.markable').waitFor();
    await page.keyboard.press('q');
    await page.keyboard.press('Control+Home');
    for (let n = 0; n < 2; n++) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('1');
    await page.locator('mark', { hasText: 'No' }).waitFor();
    await page.keyboard.press('c');
    await page.getByText('Nobody disagrees').waitFor();
    expect(await resolutionOf(item)).toMatchObject({ labels: { words: [{ start: 0, end: 2, label: 'claim' }] } });
  });
});
