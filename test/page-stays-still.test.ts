import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { atDesk, isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { costOfKeys, DRAWN, FELT_MS } from './support/key-cost.js';
import { eventually, lookAt } from './support/look.js';
import { makeItem, makeItems, makeQueue } from './support/reviewing.js';

/** How much of the window may move; a tenth is what people are said to bear. A clock's digits and a word after another are far less. */
const STILL = 0.005;

describe.skipIf(isWithoutBrowser)('while somebody types', () => {
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
  beforeEach(async () => {
    for (const table of ['assignment', 'ticket']) await service.sql(`DELETE FROM ${table}`);
  });

  const desk = async (): Promise<Page> => {
    const context = await signedIn(browser, service, await service.member());
    await context.addInitScript(`globalThis.shifts = [];
      new PerformanceObserver((list) => {
        shifts.push(...list.getEntries());
      }).observe({ type: 'layout-shift' });`);
    return atDesk(context, service);
  };
  /** What moved of itself while that was done, by how much of the window. */
  const shiftsDuring = async (page: Page, action: () => Promise<void>) => {
    await page.evaluate(DRAWN);
    await page.evaluate('void (shifts.length = 0)');
    await action();
    await page.evaluate(DRAWN);
    return page.evaluate<number>('shifts.reduce((sum, { value }) => sum + value, 0)');
  };

  test('it is the edition for use that answers, not the slow one for development', async () => {
    const context = await browser.newContext();
    const { request } = context;
    const html = await (await request.get(service.origin)).text();
    const scripts = [...html.matchAll(/"(\/assets\/[^"]+\.js)"/g)].map(([, file]) => file!);
    expect(scripts).not.toEqual([]);
    for (const script of scripts) {
      expect(await (await request.get(service.origin + script)).text()).not.toContain('react-devtools');
    }
    await context.close();
  });

  test('nothing moves, nor when the next item comes', async () => {
    await makeItems(service, await makeQueue(service), [
      { output: 'The kettle may come back within 60 days, if it is clean and nobody has boiled an egg in it.' },
      { output: { answer: 'Sixty days', days: 60 } },
      { output: 'No.' },
    ]);
    const page = await desk();
    await page.keyboard.press('e');
    await page.locator('#correction:focus').waitFor();
    await page.keyboard.press('Control+Home');
    // The first word, that the editor and what it says have their place.
    await page.keyboard.type('A ');
    await page.locator('ins').first().waitFor();
    await page.getByText('Saved', { exact: true }).waitFor();
    const typing = () => page.keyboard.type('word or ');
    expect(await shiftsDuring(page, typing)).toBeLessThan(STILL);
    const submitting = async () => {
      await page.keyboard.press('Control+Enter');
      await page.locator('.desk').getByText('Sixty days').first().waitFor();
    };
    // All that is of the item is another's; what is not stays.
    expect(await shiftsDuring(page, submitting)).toBeLessThan(0.1);
    await page.keyboard.press('m');
    expect(await shiftsDuring(page, () => page.keyboard.type('a thought, and one more'))).toBeLessThan(STILL);
  });

  test('looks as it should, whatever is done with an item', async () => {
    await makeItems(service, await makeQueue(service), [
      { output: 'The kettle may come back within 60 days, if it is clean and nobody has boiled an egg in it.' },
      { output: { answer: 'Sixty days', days: 60 } },
    ]);
    const page = await desk();
    await lookAt(page, 'review-text');
    await page.keyboard.press('e');
    await page.locator('#correction:focus').waitFor();
    await page.keyboard.type('If paid, ');
    await page.locator('ins').first().waitFor();
    await lookAt(page, 'review-correct-text');
    await page.keyboard.press('Control+Enter');
    await page.locator('.desk').getByText('Sixty days').first().waitFor();
    await lookAt(page, 'review-record');
    await page.keyboard.press('e');
    await page.locator('.output :focus').waitFor();
    await lookAt(page, 'review-correct-record');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await lookAt(page, 'review-keys');
    await closeDialog(page);
    await page.keyboard.press('s');
    await page.getByRole('dialog').waitFor();
    await lookAt(page, 'review-skip');
    await closeDialog(page);
    await page.keyboard.press('a');
    await page.getByRole('dialog').waitFor();
    await lookAt(page, 'review-escalate');
    await closeDialog(page);
    await service.sql(`UPDATE assignment SET lease_expires_at = now() - interval '1 second'`);
    await page.getByText('You no longer hold this item.').waitFor();
    await lookAt(page, 'review-lost');
    await page.keyboard.press('p');
    await page.keyboard.press('n');
    await page.getByRole('heading', { name: 'You are taking a break' }).waitFor();
    await lookAt(page, 'review-break');
  });

  test('each key is there at once, beside a line of 1 MB and in it', async () => {
    const line = 'long '.repeat(200_000);
    await makeItem(service, await makeQueue(service), { output: line });
    const page = await desk();
    await page.getByRole('button', { name: /Show all 1,000,000/ }).click();
    await page.keyboard.press('m');
    expect(await costOfKeys(page, 'still here')).toBeLessThan(FELT_MS);
    expect(await page.locator('#comment').inputValue()).toBe('still here');
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.locator('#correction:focus').waitFor();
    await page.keyboard.press('Control+End');
    expect(await costOfKeys(page, 'end')).toBeLessThan(10 * FELT_MS);
    await eventually(() => page.locator('#correction').inputValue()).toBe(`${line}end`);
  });
});

async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}
