import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';

describe.skipIf(isWithoutBrowser)('the API explorer', () => {
  let service: PageService;
  let browser: Browser;
  beforeAll(async () => {
    [service, browser] = await Promise.all([startPageService(), launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  async function explorer(context: BrowserContext) {
    const page = await context.newPage();
    const asked = page.waitForResponse((it) => (it.request().postData() ?? '').includes('ExplorerViewer'));
    await page.goto(`${service.origin}/explorer`);
    await asked;
    await page.locator('.graphiql-container').waitFor();
    return page;
  }

  test('tells who is signed out to sign in, and nobody else', async () => {
    const stranger = await explorer(await browser.newContext());
    const notice = stranger.getByRole('status').filter({ hasText: 'You are not signed in' });
    await notice.waitFor();
    expect(await notice.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/');

    const member = await explorer(await signedIn(browser, service, await service.member()));
    expect(await member.getByText('You are not signed in').count()).toBe(0);
  }, 60_000);
});
