import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { atDesk, isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { until } from './support/built.js';
import { makeItem, makeItems, makeQueue } from './support/reviewing.js';

const SLOW_MS = 15_000;

describe.skipIf(isWithoutBrowser)('a reviewer who does not want to decide', () => {
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

  const notesOf = (item: string) => service.sql(`SELECT note FROM escalation WHERE item_id = $1`, [item]);

  test('escalates by a key and a note, can take it back, and loses neither to a network that is gone', async () => {
    const [item, next] = await makeItems(service, await makeQueue(service), [{}, {}]);
    const page = await atDesk(await signedIn(browser, service, await service.member()), service);
    await page.keyboard.press('a');
    await page.getByRole('dialog', { name: 'Escalate this item' }).waitFor();
    // Without a note nothing happens; what was written outlives the dialog.
    await page.keyboard.press('Control+Enter');
    await page.keyboard.type('Is this a promise that binds us?');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('a');
    expect(await page.locator('#escalate-note').inputValue()).toBe('Is this a promise that binds us?');
    await page.keyboard.press('Control+Enter');
    await page.locator('.title .id', { hasText: next! }).waitFor();
    await page.locator('.toast').getByText('Escalated').waitFor();
    await page.keyboard.press('u');
    await page.locator('.title .id', { hasText: item! }).waitFor();
    expect(await notesOf(item!)).toEqual([]);

    await service.restart(async () => {
      await page.keyboard.press('a');
      await page.locator('#escalate-note').fill('Legal has to say.');
      await page.keyboard.press('Control+Enter');
      await page.getByText('is not sent yet').waitFor({ timeout: SLOW_MS });
    });
    await until(async () => (await notesOf(item!)).length === 1);
    expect(await notesOf(item!)).toEqual([{ note: 'Legal has to say.' }]);
    const [row] = await service.sql(`SELECT status FROM item WHERE id = $1`, [item]);
    expect(row).toEqual({ status: 'NEEDS_ADJUDICATION' });
  });

  test('says why they skip where the queue asks', async () => {
    const queue = await makeQueue(service);
    await service.sql(`UPDATE queue SET skip_reason_required = true WHERE id = $1`, [queue.id]);
    const item = await makeItem(service, queue);
    const page = await atDesk(await signedIn(browser, service, await service.member()), service);
    await page.keyboard.press('s');
    await page.getByText('Why?', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(1);
    await page.locator('#skip-reason').fill('I know them');
    await page.keyboard.press('Enter');
    await page.locator('.toast').getByText('Skipped').waitFor();
    await page.reload();
    await until(async () => (await service.sql(`SELECT FROM skip WHERE item_id = $1`, [item])).length === 1);
    expect(await service.sql(`SELECT reason FROM skip WHERE item_id = $1`, [item])).toEqual([
      { reason: 'I know them' },
    ]);
  });

  test('is asked what the rubric asked when they took the item, whatever it asks by now', async () => {
    const field = (name: string) => ({ name, type: 'BOOLEAN', label: `Is it ${name}?`, required: true });
    const queue = await makeQueue(service, { fields: [field('polite')] });
    const item = await makeItem(service, queue);
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    const manager = await service.member({ role: 'MANAGER' as never });
    const save = `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { rubric { version } } } }`;
    const saved = await service.do<any>(manager.token, save, { input: { key: queue.key, rubric: [field('true')] } });
    expect(saved.saveQueue.queue.rubric.version).toBe(2);
    await page.reload();
    await page.getByText('Is it polite?').waitFor();
    expect(await page.getByText('Is it true?').count()).toBe(0);
    await page.keyboard.press('1');
    await page.keyboard.press('c');
    await page.locator('.toast').getByText('Confirmed').waitFor();
    await page.reload();
    const reviews = () => service.sql(`SELECT rubric_version, labels FROM review WHERE item_id = $1`, [item]);
    await until(async () => (await reviews()).length === 1);
    expect(await reviews()).toMatchObject([{ rubric_version: 1, labels: { polite: expect.any(Boolean) } }]);
  });
});
