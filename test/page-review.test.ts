import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import {
  atDesk,
  hasLeft,
  isWithoutBrowser,
  launch,
  type PageService,
  reviewsOf,
  signedIn,
  startPageService,
} from './support/browser.js';
import { until } from './support/built.js';
import { FLAG_MANY, output } from './support/intake.js';
import { lookAt, withoutRegion } from './support/look.js';
import { claimOne, makeItem, makeItems, makeQueue, submit } from './support/reviewing.js';

const SLOW_MS = 30_000;
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
  { name: 'harm', type: 'SCALE', label: 'How bad?', required: false, min: 1, max: 5 },
];

describe.skipIf(isWithoutBrowser)('the review page', () => {
  let service: PageService;
  let browser: Browser;
  vi.setConfig({ testTimeout: 150_000 });
  beforeAll(async () => {
    [service, browser] = await Promise.all([startPageService(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  // What a test leaves behind is not offered to the next one.
  beforeEach(async () => {
    for (const table of ['assignment', 'ticket']) await service.sql(`DELETE FROM ${table}`);
  });

  const shownItem = (page: Page) => page.locator('.title .id').textContent();

  test('signs in by a one-time link, whose code is in no address afterwards', async () => {
    const admin = await service.member({ role: 'ADMIN' as never });
    const reviewer = await service.member();
    const { createSignInLink } = await service.do(
      admin.token,
      `mutation ($input: CreateSignInLinkInput!) { createSignInLink(input: $input) { path } }`,
      { input: { memberId: reviewer.id } },
    );
    const page = await browser.newPage();
    await page.goto(service.origin + createSignInLink.path);
    await page.getByText('Nothing open').waitFor();
    expect(page.url()).toBe(`${service.origin}/`);
    await page.close();
    await hasLeft(service, reviewer.id);
  });

  test('confirms, corrects and rejects by single keys, and shows the next item at once', async () => {
    const queue = await makeQueue(service, { fields: FIELDS });
    const [first, second, third] = await makeItems(service, queue, [
      { output: 'The kettle may come back within 60 days.' },
      { output: { total: 1475.6, currency: 'EUR' } },
      { output: 'Buy gold.' },
    ]);
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    expect(await shownItem(page)).toBe(first);

    await page.keyboard.press('c');
    await page.getByText('Answer “What was wrong?” first.').waitFor();
    await page.keyboard.press('2');
    await page.keyboard.press('e');
    await page.locator('#correction').fill('The kettle may come back within 30 days.');
    await page.locator('ins', { hasText: '30' }).waitFor();
    // A correction is not confirmed away by a wrong key.
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await page.getByText('You have changed the output.').waitFor();
    expect(await page.locator('del').allTextContents()).toEqual(['60']);
    // The next one is here already: nobody has to be asked for it.
    await context.setOffline(true);
    await page.keyboard.press('Control+Enter');
    await page.locator('.title .id', { hasText: second! }).waitFor();
    await context.setOffline(false);

    await page.keyboard.press('1');
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.locator('#correction').fill('{"total": 1475.6, "currency": "EU');
    await page.getByText(/Not valid JSON yet/).waitFor();
    await page.locator('#correction').fill('{"total": 1475.6, "currency": "USD"}');
    await page.keyboard.press('Control+Enter');

    await page.locator('.title .id', { hasText: third! }).waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('5');
    await page.keyboard.press('r');
    await page.getByText('That was the last one').waitFor({ timeout: SLOW_MS });
    await page.close();
    await until(async () => (await reviewsOf(service)).length === 3);
    const reviews = new Map((await reviewsOf(service)).map((review) => [review.external_id, review]));
    expect(reviews.get(first!)).toMatchObject({
      verdict: 'CORRECTED',
      corrected_output: 'The kettle may come back within 30 days.',
      labels: { failure: 'fact' },
    });
    expect(reviews.get(second!)).toMatchObject({
      verdict: 'CORRECTED',
      corrected_output: { total: 1475.6, currency: 'USD' },
    });
    expect(reviews.get(third!)).toMatchObject({ verdict: 'REJECTED', labels: { failure: 'none', harm: 5 } });
  });

  test('keeps up with a reviewer who decides faster than anybody can', async () => {
    const queue = await makeQueue(service);
    const ids = await makeItems(
      service,
      queue,
      Array.from({ length: 25 }, (_, i) => ({ output: `answer ${i}` })),
    );
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    for (const id of ids) {
      await page.locator('.title .id', { hasText: id }).waitFor({ timeout: SLOW_MS });
      await page.keyboard.press('c');
    }
    await page.getByText('That was the last one').waitFor();
    await context.close();
    const reviewed = async () => (await reviewsOf(service)).filter((review) => ids.includes(review.external_id));
    await until(async () => (await reviewed()).length === 25);
  });

  test('takes an answer back, and skips with a reason', async () => {
    const queue = await makeQueue(service);
    const [first, second] = await makeItems(service, queue, [{}, {}]);
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    await page.keyboard.press('c');
    await page.locator('.title .id', { hasText: second! }).waitFor();
    await page.keyboard.press('u');
    await page.locator('.title .id', { hasText: first! }).waitFor();
    await page.keyboard.press('s');
    await page.keyboard.type('not my subject');
    await page.keyboard.press('Enter');
    await page.locator('.title .id', { hasText: second! }).waitFor();
    await page.keyboard.press('c');
    await context.close();
    await until(async () => (await reviewsOf(service)).some((review) => review.external_id === second));
    expect((await reviewsOf(service)).some((review) => review.external_id === first)).toBe(false);
    const skips = () =>
      service.sql(`SELECT data FROM event WHERE kind = 'ASSIGNMENT_SKIPPED' AND item_id = $1`, [first]);
    await until(async () => (await skips()).length === 1);
    expect((await skips())[0]?.data.reason).toBe('not my subject');
  });

  test('tells nothing open, all taken and not for you apart, and goes on by itself', async () => {
    const queue = await makeQueue(service, { leaseSeconds: 600 });
    const [one, two] = await Promise.all([service.member(), service.member()]);
    const first = await signedIn(browser, service, one);
    const page = await first.newPage();
    await page.goto(service.origin);
    await page.getByRole('heading', { name: 'Nothing open' }).waitFor();
    await page.getByText('The next item appears here by itself.').waitFor();
    await lookAt(page, 'empty-nothing-open');

    const item = await makeItem(service, queue);
    await service.sql(
      `INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data) VALUES ($1, 'ITEM_FLAGGED', 'system', $2, $3, '{}')`,
      [service.projectId, item, queue.id],
    );
    await page.locator('.title .id', { hasText: item }).waitFor();

    const second = await signedIn(browser, service, two);
    const other = await second.newPage();
    await other.goto(service.origin);
    await other.getByRole('heading', { name: 'All taken' }).waitFor();
    await other.getByText(/The next one frees at \d+:\d\d/).waitFor();
    await lookAt(other, 'empty-all-taken');

    await page.keyboard.press('s');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Not for you' }).waitFor({ timeout: SLOW_MS });
    await lookAt(page, 'empty-not-for-you');
    await other.locator('.title .id', { hasText: item }).waitFor();
    await Promise.all([first.close(), second.close()]);
  });

  test('shows instructions as Markdown in which nothing acts, and counts what was done in a row', async () => {
    const queue = await makeQueue(service);
    await service.sql(`UPDATE queue SET instructions = $2 WHERE id = $1`, [
      queue.id,
      '# Returns\n\nAt most **30 days**, says\nthe policy.\n\n- kettles\n- lamps\n\n<img src=x onerror="window.hacked=1">\n\n' +
        '![p](https://evil.test/p.png) and [the terms](https://evil.test/terms)',
    ]);
    const [first, ...rest] = await makeItems(
      service,
      queue,
      Array.from({ length: 8 }, () => ({})),
    );
    const context = await signedIn(browser, service, await service.member());
    const foreign: string[] = [];
    context.on('request', (request) => {
      if (!request.url().startsWith(service.origin)) foreign.push(request.url());
    });
    const page = await atDesk(context, service);
    const instructions = page.locator('.instructions');
    await instructions.getByRole('heading', { name: 'Returns' }).waitFor();
    await instructions.locator('strong', { hasText: '30 days' }).waitFor();
    expect(await instructions.locator('li').allTextContents()).toEqual(['kettles', 'lamps']);
    await instructions.getByText('<img src=x onerror="window.hacked=1">').waitFor();
    expect(await instructions.locator('img, a').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(foreign).toEqual([]);
    await lookAt(page, 'desk-instructions');
    expect(await withoutRegion(page)).toEqual([]);

    for (const id of [first!, ...rest.slice(0, 5)]) {
      await page.locator('.title .id', { hasText: id }).waitFor();
      await page.keyboard.press('c');
    }
    const progress = page.locator('.progress');
    await progress.getByText('6 reviewed · 6 in a row').waitFor();
    await page.locator('.title .id', { hasText: rest.at(-2)! }).waitFor();
    await page.keyboard.press('s');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.title .id', { hasText: rest.at(-1)! }).waitFor();
    const said = await progress.textContent();
    expect(said).toMatch(/^6 reviewed/);
    expect(said).not.toContain('in a row');
    // It lasts as long as the tab.
    await page.reload();
    await progress.getByText(/^6 reviewed/).waitFor();
  });

  test('hears of what comes and of what others take by its socket alone', async () => {
    const queue = await makeQueue(service);
    const flag = async (...names: string[]) =>
      service.do(await service.key(), FLAG_MANY, {
        inputs: names.map((name) => output(`${queue.key}-${name}`, { queue: queue.key })),
      });
    await flag('1', '2');
    const page = await atDesk(await signedIn(browser, service, await service.member()), service);
    const [chip, progress] = [page.locator('.queue', { hasText: queue.key }), page.locator('.progress')];
    await chip.click();
    await chip.getByText('2 open').waitFor();
    // From now on no question gets through: neither polling nor reading anew could tell.
    await page.route('**/graphql', (route) => route.abort());
    await flag('3', '4', '5');
    await chip.getByText('5 open').waitFor();
    const other = await service.member();
    const held = [await claimOne(service, other, queue), await claimOne(service, other, queue)];
    await progress.getByText('2 with others').waitFor();
    await submit(service, other, held[0]!);
    await progress.getByText('4 open · 1 with others').waitFor();
    await chip.getByText('4 open').waitFor();
  });

  test('two browsers that fight for one item: one has it, the other is told', async () => {
    const queue = await makeQueue(service);
    const item = await makeItem(service, queue);
    const contexts = await Promise.all([1, 2].map(async () => signedIn(browser, service, await service.member())));
    const pages = await Promise.all(contexts.map((context) => context.newPage()));
    await Promise.all(pages.map((page) => page.goto(service.origin)));
    await Promise.all(pages.map((page) => page.locator('.desk, h1:has-text("All taken")').first().waitFor()));
    const desks = await Promise.all(pages.map((page) => page.locator('.desk').count()));
    expect(desks.toSorted()).toEqual([0, 1]);
    const winner = pages[desks.indexOf(1)]!;
    await winner.keyboard.press('c');
    await Promise.all(
      pages.map((page) => page.getByRole('heading', { name: 'Nothing open' }).waitFor({ timeout: SLOW_MS })),
    );
    await Promise.all(contexts.map((context) => context.close()));
    expect((await reviewsOf(service)).filter((review) => review.external_id === item)).toHaveLength(1);
  });
});
