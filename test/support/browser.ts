import type { AddressInfo } from 'node:net';
import path from 'node:path';

import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

import { createApp } from '../../src/app.js';
import { built, until } from './built.js';
import { chromiumPath } from './chromium.js';
import { startService, type TestMember, type TestService, testConfig } from './service.js';

export { launch } from './chromium.js';

export const isWithoutBrowser = chromiumPath === undefined && process.env.CI !== 'true';
if (isWithoutBrowser) {
  console.warn('Browser tests are skipped: no Chromium was found. Install it, or name it in CHROMIUM_PATH.');
}

/** A service that serves the built page, and can be stopped and started again under the same address. */
export interface PageService extends TestService {
  readonly origin: string;
  restart(whileDown?: () => Promise<void>): Promise<void>;
}

export async function startPageService(): Promise<PageService> {
  const pages = path.dirname(built('web/index.html'));
  const service = await startService();
  const serve = async (port: number): Promise<NestExpressApplication> => {
    const app = await createApp(testConfig(service.database.url), { pages });
    await app.listen(port, '127.0.0.1');
    return app;
  };
  let app = await serve(0);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    ...service,
    origin: `http://127.0.0.1:${port}`,
    async restart(whileDown) {
      await app.close();
      await whileDown?.();
      app = await serve(port);
    },
    async stop() {
      await app.close();
      await service.stop();
    },
  };
}

const contexts = new Set<BrowserContext>();

/** A browser of its own, with a member signed in by their personal token. Closed when the test ends, however it ends. */
export async function signedIn(
  browser: Browser,
  service: Pick<PageService, 'origin'> & Partial<PageService>,
  member: TestMember,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(15_000);
  contexts.add(context);
  onTestFinished(async ({ task }) => {
    // All of the test's at once: what one of them waits for may be another's doing.
    for (const one of contexts) {
      contexts.delete(one);
      if (task.result?.state === 'fail') await tellWhatIsShown(task.result.errors?.at(-1), one);
      await one.close();
    }
    if (service.sql) await hasLeft({ sql: service.sql }, member.id);
  });
  const answer = await context.request.post(`${service.origin}/session`, {
    data: { token: member.token },
    headers: { origin: service.origin },
  });
  if (answer.status() !== 201) throw new Error(`sign-in was refused: ${await answer.text()}`);
  return context;
}

/** Waits until a member is nowhere at a desk: whoever is still there would be given what the next test makes. */
export async function hasLeft(service: Pick<PageService, 'sql'>, memberId: string): Promise<void> {
  const there = () => service.sql(`SELECT FROM presence WHERE member_id = $1 AND expires_at > now()`, [memberId]);
  await until(async () => (await there()).length === 0, 45_000);
}

/** A test that fails in a browser says what a person would have seen. */
async function tellWhatIsShown(error: { message: string; stack?: string } | undefined, context: BrowserContext) {
  for (const page of context.pages()) {
    const text = await page
      .locator('body')
      .innerText({ timeout: 2_000 })
      .catch(() => '(no page)');
    const shown = `\n${page.url()} showed: ${text.replaceAll(/\s+/g, ' ').slice(0, 600)}\n`;
    console.error(shown);
    if (error) error.message += shown;
  }
}

/** Opens the page and waits for the first item. */
export async function atDesk(context: BrowserContext, service: Pick<PageService, 'origin'>): Promise<Page> {
  const page = await context.newPage();
  await page.goto(service.origin);
  await page.locator('.desk').waitFor();
  return page;
}

/** The reviews that the service has, the oldest first. */
export function reviewsOf(service: TestService) {
  return service.sql<{
    external_id: string;
    verdict: string;
    corrected_output: unknown;
    labels: object;
    comment: string | null;
  }>(
    `SELECT i.external_id, r.verdict, r.corrected_output, r.labels, r.comment
     FROM review r JOIN item i ON i.project_id = r.project_id AND i.id = r.item_id ORDER BY r.submitted_at`,
  );
}
