import { type Browser, devices, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { eventually, lookAt } from './support/look.js';
import { codeOf } from './support/reviewing.js';

describe.skipIf(isWithoutBrowser)('one’s own account', () => {
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

  const WHO = `{ viewer { member { name role } } }`;
  const row = (page: Page, name: string | RegExp) => page.getByRole('row', { name });

  test('a reviewer makes a token that is shown once, uses it, and revokes it', async () => {
    const rita = await service.member({ name: 'Rita Reviewer' });
    await service.member({ role: Role.ADMIN, name: 'Ada Admin' });
    const page = await (await signedIn(browser, service, rita)).newPage();
    await page.goto(service.origin);
    await page.getByText('Rita Reviewer').click();
    await page.getByRole('link', { name: 'Your account' }).click();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    await page.getByRole('button', { name: 'New token…' }).click();
    expect(await page.getByLabel('Who it acts for').count()).toBe(0);
    await page.getByLabel(/^Name/).fill('my laptop');
    await page.getByLabel(/^Works until/).fill('2090-01-31');
    await page.getByRole('button', { name: 'Make the token' }).click();
    await page.getByLabel('Shown once').waitFor();
    const token = await page.getByLabel('Shown once').inputValue();
    expect(token).toMatch(/^cst_/);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    expect((await service.do<any>(token, WHO)).viewer.member).toEqual({ name: 'Rita Reviewer', role: 'REVIEWER' });
    await row(page, /my laptop/).waitFor();
    expect(await page.content()).not.toContain(token);
    await lookAt(page, 'account');

    await page.getByRole('button', { name: 'Revoke… my laptop' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await row(page, /my laptop/).waitFor({ state: 'detached' });
    await eventually(async () => codeOf(await service.ask(token, WHO))).toBe('UNAUTHENTICATED');
    await page.context().close();
  });

  test('a viewer sees where they are signed in, ends one of it, and then all', async () => {
    const vera = await service.member({ role: Role.VIEWER, name: 'Vera Viewer' });
    const page = await (await signedIn(browser, service, vera)).newPage();
    const phone = await (await browser.newContext({ userAgent: devices['iPhone 13']!.userAgent })).newPage();
    await phone.goto(service.origin);
    await phone.getByLabel('Personal token').fill(vera.token);
    await phone.keyboard.press('Enter');
    await phone.getByText('Vera Viewer').waitFor();

    await page.goto(`${service.origin}/account`);
    await row(page, /Safari on iOS/).waitFor();
    await row(page, /this browser/).waitFor();
    await page.getByRole('button', { name: 'Sign out… Safari on iOS' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
    await row(page, /Safari on iOS/).waitFor({ state: 'detached' });
    await eventually(async () => {
      await phone.reload();
      return phone.getByLabel('Personal token').count();
    }).toBe(1);

    await page.getByRole('button', { name: 'Sign out everywhere…' }).click();
    await lookAt(page, 'account-everywhere');
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByLabel('Personal token').waitFor();
    await phone.context().close();
    await page.context().close();
  });
});
