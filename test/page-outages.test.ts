import { randomUUID } from 'node:crypto';

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { atDesk, isWithoutBrowser, launch, reviewsOf, signedIn } from './support/browser.js';
import { until } from './support/built.js';
import { type KillableService, startKillable } from './support/killable-service.js';
import { eventually } from './support/look.js';
import { claimOne, makeItem, makeQueue, submit } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';
import { proxyTo, type TcpProxy } from './support/tcp-proxy.js';

/** How long the network stays away while somebody writes: as short as a test can be, unless told. */
const CUT_MS = Number(process.env.COUNTERSIGN_TEST_CUT_SECONDS ?? 0) * 1_000;
const SLOW_MS = 30_000;

describe.skipIf(isWithoutBrowser)('what is written while the service is out of reach', () => {
  let service: TestService;
  let server: KillableService;
  let browser: Browser;
  let network: TcpProxy;
  vi.setConfig({ testTimeout: 90_000 + CUT_MS });
  beforeAll(async () => {
    [service, browser] = await Promise.all([startService(), launch()]);
    server = await startKillable(service.database.url);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.kill();
    await service?.stop();
  });

  let item: string;
  let member: TestMember;
  let context: BrowserContext;
  let page: Page;
  beforeEach(async () => {
    for (const table of ['assignment', 'ticket']) await service.sql(`DELETE FROM ${table}`);
    // Of one test only: what the page of the test before asked for while it was closed is not given to this one.
    const skills = [`skill-${randomUUID()}`];
    item = await makeItem(service, await makeQueue(service, { skills }), { output: 'Sieves rust.' });
    member = await service.member({ skills });
    network = await proxyTo(server.origin);
    const origin = new URL(network.url).origin;
    context = await signedIn(browser, { origin }, member);
    page = await atDesk(context, { origin });
    await page.keyboard.press('e');
    await page.locator('#correction:focus').waitFor();
    await page.keyboard.press('Control+End');
    return () => network.close();
  });

  const shown = (of = page) => eventually(() => of.locator('#correction').inputValue());
  const stored = async () => {
    const sql = `SELECT corrected_output FROM draft WHERE item_id = $1`;
    return (await service.sql<{ corrected_output: unknown }>(sql, [item]))[0]?.corrected_output;
  };
  const answers = async () => (await reviewsOf(service)).filter((review) => review.external_id === item);
  const noConnection = () => page.getByText('No connection to the service');

  test('is all there when the network comes back, and leaves as if nothing had been', async () => {
    await page.keyboard.type(' Seldom');
    network.down();
    let written = 'Sieves rust. Seldom';
    await noConnection().waitFor({ timeout: SLOW_MS });
    const end = Date.now() + CUT_MS;
    for (let words = 0; words < 20 || Date.now() < end; words += 1) {
      const word = ` ${words}`;
      await page.keyboard.type(word, { delay: CUT_MS ? 120 : 0 });
      written += word;
      expect(await page.locator('#correction').inputValue()).toBe(written);
    }
    if (CUT_MS) console.log(`${written.length} characters were written in ${CUT_MS / 1_000} s without a network`);
    await page.getByText('Kept in this browser; not sent yet').waitFor({ timeout: SLOW_MS });
    network.up();
    await noConnection().waitFor({ state: 'detached', timeout: SLOW_MS });
    await until(async () => (await stored()) === written, SLOW_MS);
    await page.keyboard.press('Control+Enter');
    await page.reload();
    await until(async () => (await answers()).length === 1, SLOW_MS);
    expect(await answers()).toMatchObject([{ verdict: 'CORRECTED', corrected_output: written }]);
  });

  test('outlives a tab that is closed meanwhile', async () => {
    network.down();
    await noConnection().waitFor({ timeout: SLOW_MS });
    await page.keyboard.type(' In the rain.');
    await page.close();
    network.up();
    const again = await atDesk(context, { origin: new URL(network.url).origin });
    await shown(again).toBe('Sieves rust. In the rain.');
  });

  test('stays when the lease ends meanwhile and somebody else answers, and the page says so', async () => {
    network.down();
    await page.keyboard.type(' Or so I thought.');
    await service.sql(`UPDATE assignment SET lease_expires_at = now() - interval '1 second' WHERE item_id = $1`, [
      item,
    ]);
    const [{ skills }] = await service.sql<any>(`SELECT skills FROM member WHERE id = $1`, [member.id]);
    const other = await service.member({ skills });
    expect((await submit(service, other, await claimOne(service, other))).errors).toBeUndefined();
    await page.keyboard.type(' Still.');
    network.up();
    await page.getByText('You no longer hold this item.').waitFor({ timeout: SLOW_MS });
    await shown().toBe('Sieves rust. Or so I thought. Still.');
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    await page.getByText('It is not free').waitFor();
    await shown().toBe('Sieves rust. Or so I thought. Still.');
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'Nothing open' }).waitFor();
    expect(await answers()).toMatchObject([{ verdict: 'CONFIRMED' }]);
    // Nothing of it reached the service; in this browser it is kept for the day that the item is opened again.
    const kept = await page.evaluate<string>(`localStorage.getItem('countersign:work:${member.id}:${item}')`);
    expect(JSON.parse(kept)).toMatchObject({ correction: 'Sieves rust. Or so I thought. Still.' });
  });

  test('is there to the last key when the service is killed in the middle of a word', async () => {
    await page.keyboard.type(' Never in');
    await server.kill();
    await page.keyboard.type(' the ba');
    await noConnection().waitFor({ timeout: SLOW_MS });
    await page.keyboard.type('th.');
    await server.start();
    await until(async () => (await stored()) === 'Sieves rust. Never in the bath.', SLOW_MS);
    await noConnection().waitFor({ state: 'detached', timeout: SLOW_MS });
    // Killed with an answer on its way: it is handed in to the next one.
    await server.kill();
    await page.keyboard.press('Control+Enter');
    await page.locator('.toast').getByText('not sent yet').waitFor({ timeout: SLOW_MS });
    await server.start();
    await until(async () => (await answers()).length === 1, SLOW_MS);
    expect(await answers()).toMatchObject([{ corrected_output: 'Sieves rust. Never in the bath.' }]);
    await page.getByRole('heading', { name: 'Nothing open' }).waitFor({ timeout: SLOW_MS });
  });
});
