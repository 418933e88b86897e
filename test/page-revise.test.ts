import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { atDesk, isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { until } from './support/built.js';
import { lookAt } from './support/look.js';
import { claimOne, makeItem, makeItems, makeQueue, submit } from './support/reviewing.js';

const FAILURE = {
  name: 'failure',
  type: 'CHOICE',
  label: 'What was wrong?',
  required: true,
  options: [
    { value: 'none', label: 'Nothing' },
    { value: 'fact', label: 'A fact' },
  ],
};

describe.skipIf(isWithoutBrowser)('a reviewer who thought better of it', () => {
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
  beforeEach(async () => {
    for (const table of ['assignment', 'ticket']) await service.sql(`DELETE FROM ${table}`);
  });

  const answersTo = (item: string) =>
    service.sql(`SELECT verdict, corrected_output, labels FROM review WHERE item_id = $1 ORDER BY submitted_at`, [
      item,
    ]);

  test('leaves the desk, which sends what waits, finds their answers, and changes one', async () => {
    const output = 'In 60 days.';
    await makeItems(service, await makeQueue(service, { fields: [FAILURE] }), [{ output }, { output }]);
    const page = await atDesk(await signedIn(browser, service, await service.member()), service);
    const item = await page.locator('.title .id').textContent();
    await page.keyboard.press('1');
    await page.keyboard.press('c');
    await page.locator('.title .id', { hasText: item! }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Answered' }).click();
    await until(async () => (await answersTo(item!)).length === 1);
    await page.reload();
    await lookAt(page, 'answered');
    await page.getByRole('link', { name: item! }).click();
    await page.getByText('You answered: confirmed.').waitFor();
    await lookAt(page, 'revise');
    await page.getByRole('button', { name: 'A fact' }).click();
    await page.getByRole('button', { name: 'Correct', exact: false }).first().click();
    await page.locator('#correction').fill('In 30 days.');
    // What is half written outlives the page.
    await page.reload();
    await page.getByText('What you had begun to change is here again.').waitFor();
    expect(await page.locator('#correction').inputValue()).toBe('In 30 days.');
    await lookAt(page, 'revise-again');
    await page.getByRole('button', { name: 'Begin anew' }).click();
    await page.locator('#correction').waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('You answered: confirmed.').waitFor();
    expect(await page.getByText('is here again').count()).toBe(0);
    await page.getByRole('button', { name: 'A fact' }).click();
    await page.getByRole('button', { name: 'Correct', exact: false }).first().click();
    await page.locator('#correction').fill('In 30 days.');
    await page.locator('#correction').press('Control+Enter');
    await page.getByRole('link', { name: item! }).getByText('corrected').waitFor();
    expect(await answersTo(item!)).toEqual([
      { verdict: 'CONFIRMED', corrected_output: null, labels: { failure: 'none' } },
      { verdict: 'CORRECTED', corrected_output: 'In 30 days.', labels: { failure: 'fact' } },
    ]);
    // The correction stands open, and keys are still keys until somebody goes into it.
    await page.getByRole('link', { name: item! }).click();
    await page.locator('#correction').waitFor();
    await page.keyboard.press('r');
    await page.getByRole('link', { name: item! }).getByText('rejected').waitFor();
  });

  test('is told beforehand when it is too late, and sees nobody else’s answers', async () => {
    const queue = await makeQueue(service);
    const item = await makeItem(service, queue);
    const [ann, bob] = [await service.member(), await service.member()];
    await submit(service, ann, await claimOne(service, ann, queue));
    await service.sql(`UPDATE queue SET revise_within_seconds = 0 WHERE id = $1`, [queue.id]);
    const page = await (await signedIn(browser, service, ann)).newPage();
    await page.goto(`${service.origin}/answered/${item}`);
    // Before anything is written, and it cannot be.
    await page.getByText('In this queue answers cannot be changed.').waitFor();
    expect(await page.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true);
    await page.keyboard.press('r');
    await lookAt(page, 'revise-too-late');
    // While it is looked at the time ends.
    await service.sql(`UPDATE queue SET revise_within_seconds = 86400 WHERE id = $1`, [queue.id]);
    await service.sql(`UPDATE review SET submitted_at = now() - interval '86397 seconds' WHERE item_id = $1`, [item]);
    await page.reload();
    await page.getByText('the time for that is over').waitFor();
    expect(await page.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true);
    expect(await answersTo(item)).toHaveLength(1);

    const other = await (await signedIn(browser, service, bob)).newPage();
    await other.goto(`${service.origin}/answered/${item}`);
    await other.getByText('You have not answered this item').waitFor();
  });
});
