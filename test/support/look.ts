import fs from 'node:fs';
import path from 'node:path';

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Waits for a state of the page as long as Playwright does, however busy the machine is. */
export const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000 });

const folder = path.resolve(import.meta.dirname, '../../screenshots');

const LOOKS = [
  ['light', 'light', 1280, 900],
  ['dark', 'dark', 1280, 900],
  ['phone', 'light', 390, 844],
] as const;

/**
 * Looks at a page in both themes and on a phone: axe finds nothing serious, and nothing is wider than the screen. The
 * pictures are kept in screenshots/, which no build empties, for people to look at.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  const before = page.viewportSize()!;
  for (const [look, colorScheme, width, height] of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: path.join(folder, `${name}-${look}.png`), fullPage: true });
    expect(await seriousIn(page), `${name}, ${look}`).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth'), `${name}, ${look}: width`).toBe(width);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null });
  await page.setViewportSize(before);
}

/** What stands in no part of the page that a screen reader can go to. */
export async function withoutRegion(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const only = `axe.run({ runOnly: ['region'] }).then(({ violations }) => violations)`;
  const violations = await page.evaluate<Violation[]>(only);
  return violations.flatMap(({ nodes }) => nodes.map(({ html }) => html));
}

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe calls serious or critical, with the element. */
async function seriousIn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}
