import fs from 'node:fs';
import path from 'node:path';

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

import { built } from './built.js';

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe calls serious or critical, with the element. */
export async function seriousIn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}

/**
 * Looks at the page as it is: in light and dark and on a phone axe finds nothing serious, and nothing is wider than the
 * screen. Pictures are kept beside what was built, for people to look at.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  const folder = path.join(path.dirname(built('web/index.html')), '..', 'screenshots');
  fs.mkdirSync(folder, { recursive: true });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const shown = page.viewportSize()!;
  for (const [look, colorScheme, width, height] of [
    ['light', 'light', 1280, 900],
    ['dark', 'dark', 1280, 900],
    ['phone', 'light', 390, 844],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: path.join(folder, `${name}-${look}.png`), fullPage: true });
    expect(await seriousIn(page), `${name}, ${look}`).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth'), `${name}, ${look}: width`).toBe(width);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(shown);
}
