import { randomUUID } from 'node:crypto';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import {
  atDesk,
  isWithoutBrowser,
  launch,
  type PageService,
  reviewsOf,
  signedIn,
  startPageService,
} from './support/browser.js';
import { until } from './support/built.js';
import { type Held, makeItem, makeItems, makeQueue, submit } from './support/reviewing.js';

const SLOW_MS = 15_000;

describe.skipIf(isWithoutBrowser)('what a reviewer wrote', () => {
  let service: PageService;
  let browser: Browser;
  vi.setConfig({ testTimeout: 60_000 });
  beforeAll(async () => {
    [service, browser] = await Promise.all([startPageService(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });
  beforeEach(async () => {
    for (const table of ['assignment', 'ticket']) await service.sql(`DELETE FROM ${table}`);
  });

  // Of one test only: what a page of the test before asked for while it was closed must not be given to it.
  let skills: string[] = [];
  beforeEach(() => {
    skills = [`skill-${randomUUID()}`];
  });

  const draftOf = async (item: string) =>
    (
      await service.sql<{ corrected_output: unknown }>(`SELECT corrected_output FROM draft WHERE item_id = $1`, [item])
    )[0]?.corrected_output;

  test('survives a reload, another browser, and a server that restarts while it is written', async () => {
    const item = await makeItem(service, await makeQueue(service, { skills }));
    const member = await service.member({ skills });
    const context = await signedIn(browser, service, member);
    const page = await atDesk(context, service);
    await page.keyboard.press('e');
    await page.locator('#correction').fill('Written before the reload.');
    await page.reload();
    await expect.poll(() => page.locator('#correction').inputValue()).toBe('Written before the reload.');
    await until(async () => (await draftOf(item)) === 'Written before the reload.');

    const elsewhere = await signedIn(browser, service, member);
    const other = await atDesk(elsewhere, service);
    expect(await other.locator('#correction').inputValue()).toBe('Written before the reload.');
    await elsewhere.close();

    await service.restart(async () => {
      await page.getByText('No connection to the service').waitFor({ timeout: SLOW_MS });
      await page.locator('#correction').fill('Written while the server was down.');
      await page.getByText('Kept in this browser').waitFor({ timeout: SLOW_MS });
    });
    await until(async () => (await draftOf(item)) === 'Written while the server was down.');
    await page.getByText('No connection to the service').waitFor({ state: 'detached', timeout: SLOW_MS });
    await page.keyboard.press('Control+Enter');
    await until(async () => (await reviewsOf(service)).length === 1);
    expect((await reviewsOf(service))[0]).toMatchObject({
      verdict: 'CORRECTED',
      corrected_output: 'Written while the server was down.',
    });
  });

  test('stays when the lease is lost under the cursor, and can be gone on with', async () => {
    const item = await makeItem(service, await makeQueue(service, { skills }));
    const context = await signedIn(browser, service, await service.member({ skills }));
    const page = await atDesk(context, service);
    await page.keyboard.press('e');
    await page.locator('#correction').fill('Half a thou');
    await service.sql(`UPDATE assignment SET lease_expires_at = now() - interval '1 second' WHERE item_id = $1`, [
      item,
    ]);
    await page.locator('#correction').pressSequentially('ght');
    await page.getByText('You no longer hold this item.').waitFor();
    expect(await page.locator('#correction').inputValue()).toBe('Half a thought');
    await page.getByRole('button', { name: 'Take it again' }).click();
    await page.getByText('You no longer hold this item.').waitFor({ state: 'detached' });
    expect(await page.locator('#correction').inputValue()).toBe('Half a thought');
    await page.locator('#correction').focus();
    await page.keyboard.press('Control+Enter');
    await context.close();
    await until(async () => (await reviewsOf(service)).some((review) => review.corrected_output === 'Half a thought'));
  });

  test('is sent when the network is back, also when the tab was closed in between', async () => {
    const item = await makeItem(service, await makeQueue(service, { skills }));
    const context = await signedIn(browser, service, await service.member({ skills }));
    const page = await atDesk(context, service);
    await context.setOffline(true);
    await page.keyboard.press('m');
    await page.keyboard.type('decided in a tunnel');
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    // Not the draft's line, which says so a moment before the answer is kept.
    await page.locator('.toast').getByText('not sent yet').waitFor({ timeout: SLOW_MS });
    await page.close();
    await context.setOffline(false);
    const again = await context.newPage();
    await again.goto(service.origin);
    await again.getByRole('heading', { name: 'Nothing open' }).waitFor({ timeout: SLOW_MS });
    const review = (await reviewsOf(service)).find((one) => one.external_id === item);
    expect(review).toMatchObject({ verdict: 'REJECTED', comment: 'decided in a tunnel' });
  });

  test('is left behind when it was answered elsewhere, unless something was written here', async () => {
    const queue = await makeQueue(service, { skills });
    const items = await makeItems(service, queue, [{}, {}]);
    const member = await service.member({ skills });
    const page = await atDesk(await signedIn(browser, service, member), service);
    const answer = async (item: string) => {
      const [lease] = await service.sql<{ id: string; lease_token: string }>(
        `SELECT id, lease_token FROM assignment WHERE item_id = $1`,
        [item],
      );
      const held = { id: lease!.id, leaseToken: lease!.lease_token };
      expect((await submit(service, member, held as Held)).errors).toBeUndefined();
    };
    const first = await page.locator('.title .id').textContent();
    const second = items.find((one) => one !== first);
    await answer(first!);
    await page.locator('.title .id', { hasText: second! }).waitFor();
    await page.getByText('You have answered this one elsewhere').waitFor();
    await page.keyboard.press('m');
    await page.keyboard.type('a second thought');
    await answer(second!);
    await page.getByText('You no longer hold this item.').waitFor();
    expect(await page.locator('#comment').inputValue()).toBe('a second thought');
  });

  test('is not fought over by two tabs: the second says so, and may take over', async () => {
    await makeItem(service, await makeQueue(service, { skills }));
    const context = await signedIn(browser, service, await service.member({ skills }));
    const first = await atDesk(context, service);
    await first.keyboard.press('e');
    await first.locator('#correction').fill('Begun in the first tab');
    const second = await context.newPage();
    await second.goto(service.origin);
    await second.getByRole('heading', { name: 'You are reviewing in another tab' }).waitFor();
    await second.getByRole('button', { name: 'Review here' }).click();
    await first.getByRole('heading', { name: 'You are reviewing in another tab' }).waitFor();
    await expect.poll(() => second.locator('#correction').inputValue()).toBe('Begun in the first tab');
    await second.close();
    await expect.poll(() => first.locator('#correction').inputValue()).toBe('Begun in the first tab');
  });
});
