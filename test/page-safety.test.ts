import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { atDesk, isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { costOfKeys, FELT_MS } from './support/key-cost.js';
import { makeItem, makeItems, makeQueue } from './support/reviewing.js';

/** Each would set window.hacked, open a dialog or call home if anything of it were more than text. */
const HOSTILE: unknown[] = [
  '<script>window.hacked = 1; alert(1)</script>',
  '<img src=x onerror="window.hacked=1"><img src="https://evil.test/pixel.gif">',
  '<svg onload="window.hacked=1"><style>@import url(https://evil.test/a.css)</style></svg>',
  '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe><link rel=prefetch href="https://evil.test/">',
  '[click](javascript:window.hacked=1) ![i](https://evil.test/i.png) https://evil.test/',
  '</pre></div><body onload=window.hacked=1><base href="https://evil.test/"><meta http-equiv=refresh content="0;url=https://evil.test/">',
  '{{constructor.constructor("window.hacked=1")()}} ${window.hacked=1} <%= hacked %>',
  '<style>body{display:none;background:url(https://evil.test/b)}</style>',
  '<a href="javascript:window.hacked=1" ping=https://evil.test/>x</a> <math><mtext onclick=window.hacked=1></mtext></math> \u202Etxt.exe\u2066\u200B',
  { '<img src=x onerror=window.hacked=1>': '<script>window.hacked=1</script>', toString: 'no', constructor: 'no' },
  [{ role: '<b onclick=window.hacked=1>', content: '<script>window.hacked=1</script>' }],
  [{ a: '<img src=//evil.test/t>' }, { a: '"><svg/onload=hacked=1>' }],
  { dangerouslySetInnerHTML: { __html: '<img src=x onerror=window.hacked=1>' }, $$typeof: 'Symbol(react.element)' },
];

describe.skipIf(isWithoutBrowser)('hostile and huge outputs', () => {
  let service: PageService;
  let browser: Browser;
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

  test('are text: nothing runs and nothing is requested, not while they are corrected either', async () => {
    const ids = await makeItems(
      service,
      await makeQueue(service),
      HOSTILE.map((output) => ({ output })),
    );
    // What the system was asked and had before it is as foreign as what it answered.
    await service.sql(`UPDATE evidence SET input = output, context = json_build_array(output), metadata = output`);
    const context = await signedIn(browser, service, await service.member());
    const foreign: string[] = [];
    const alarms: string[] = [];
    context.on('request', (request) => {
      if (!request.url().startsWith(service.origin)) foreign.push(request.url());
    });
    context.on('dialog', (dialog) => {
      alarms.push(dialog.message());
      void dialog.dismiss();
    });
    const page = await atDesk(context, service);
    page.on('pageerror', (error) => alarms.push(error.message));
    for (const id of ids) {
      await page.locator('.title .id', { hasText: id }).waitFor();
      await page.keyboard.press('e');
      await page.locator('#correction').press('End');
      expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
      await page.getByRole('button', { name: 'Discard' }).click();
      await page.getByText('Where it is from').click();
      expect(await page.locator('.desk :is(img, script, style, iframe, a, svg, link, meta)').count()).toBe(0);
      await page.keyboard.press('c');
    }
    expect({ foreign, alarms }).toEqual({ foreign: [], alarms: [] });
    const headers = (await page.goto(service.origin))!.headers();
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|https?:|\*/);
    await context.close();
  }, 90_000);

  test('show their invisible characters', async () => {
    await makeItem(service, await makeQueue(service), {
      output: 'pay\u200B \u202Eevil\u202C ok \u{1F468}\u200D\u{1F469} a\u{E0041}',
    });
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    expect(await page.locator('.output .invisible').allTextContents()).toEqual([
      'U+200B',
      'U+202E',
      'U+202C',
      'U+E0041',
    ]);
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'Remove 4 invisible characters' }).click();
    expect(await page.locator('#correction').inputValue()).toBe('pay evil ok \u{1F468}\u200D\u{1F469} a');
  });

  test('stay usable: a line of 1 MB, and 5,000 lines of JSON', async () => {
    const many = Array.from({ length: 1_700 }, (_, i) => ({ id: i, nested: [i] })).slice(0, 1_000);
    await makeItems(service, await makeQueue(service), [{ output: 'long '.repeat(200_000) }, { output: { many } }]);
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    await page.getByRole('button', { name: /Show all 1,000,000/ }).click();
    await page.keyboard.press('m');
    expect(await costOfKeys(page, 'still here')).toBeLessThan(FELT_MS);
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await page.getByText(/"many": \[/).waitFor();
    await page.keyboard.press('e');
    await page.locator('#correction').press('Control+End');
    expect(await costOfKeys(page, '  ')).toBeLessThan(5 * FELT_MS);
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in %s', async (colorScheme) => {
    const fields = [
      {
        name: 'failure',
        type: 'CHOICE',
        label: 'What was wrong?',
        required: true,
        options: [{ value: 'none', label: 'Nothing' }],
      },
      { name: 'parts', type: 'CHOICES', label: 'Which parts?', required: false, options: [{ value: 'a', label: 'A' }] },
      { name: 'loss', type: 'NUMBER', label: 'How much?', required: false },
      { name: 'harm', type: 'SCALE', label: 'How bad?', required: false, min: 1, max: 5 },
      { name: 'why', type: 'TEXT', label: 'Why?', required: false },
      {
        name: 'words',
        type: 'SPANS',
        label: 'Which words?',
        options: [{ value: 'a', label: 'A' }],
        target: '/0/content',
      },
      { name: 'order', type: 'RANKING', label: 'Which first?', options: ['a', 'b'] },
    ];
    await makeItem(service, await makeQueue(service, { fields }), {
      output: [{ role: 'assistant', content: 'Yes\u200B' }],
    });
    const stranger = await browser.newPage({ colorScheme, reducedMotion: 'reduce' });
    await stranger.goto(service.origin);
    await stranger.getByLabel('Personal token').waitFor();
    expect(await seriousIn(stranger)).toEqual([]);
    await stranger.close();

    const context = await signedIn(browser, service, await service.member(), {
      colorScheme,
      // What fades has the contrast of its end only at its end.
      reducedMotion: 'reduce',
    });
    const page = await atDesk(context, service);
    expect(await seriousIn(page)).toEqual([]);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await page.keyboard.press('e');
    await page.locator('#correction').press('End');
    await page.keyboard.type(' ');
    await page.locator('ins').first().waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.keyboard.press('c');
    await page.locator('.toast').getByText('Confirmed').waitFor();
    expect(await seriousIn(page)).toEqual([]);

    // A phone: nothing is wider than the screen.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.keyboard.press('u');
    await page.locator('.desk').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await seriousIn(page)).toEqual([]);
  });
});

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
