import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  atDesk,
  isWithoutBrowser,
  launch,
  type PageService,
  reviewsOf,
  signedIn,
  startPageService,
} from './support/browser.js';
import { until } from './support/built.js';
import { makeItem, makeQueue } from './support/reviewing.js';

describe.skipIf(isWithoutBrowser)('outputs with structure', () => {
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

  async function open(output: unknown) {
    const item = await makeItem(service, await makeQueue(service), { output });
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    await page.keyboard.press('e');
    await page.locator('#correction').waitFor();
    return {
      page,
      async corrected() {
        await page.keyboard.press('Control+Enter');
        const find = async () => (await reviewsOf(service)).find((review) => review.external_id === item);
        await until(async () => (await find()) !== undefined);
        await context.close();
        return (await find())!.corrected_output;
      },
    };
  }

  test('JSON is corrected field by field: changed, of another kind, added, removed, and numbers stay what they are', async () => {
    const { page, corrected } = await open({
      total: 1475.6,
      id: 9007199254740991,
      paid: false,
      due: null,
      lines: [{ text: 'Paper', net: 1e-7 }],
      note: 'x',
    });
    await page.getByLabel('total', { exact: true }).fill('1475,60');
    await page.getByText(/Not valid JSON yet/).waitFor();
    expect(await page.getByLabel('total', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('total', { exact: true }).fill('1475.61');
    await page.getByRole('group', { name: 'paid' }).getByRole('button', { name: 'true' }).click();
    await page.getByLabel('Kind of due').selectOption('string');
    await page.getByLabel('due', { exact: true }).fill('2026-01-31');
    await page.getByRole('button', { name: 'Add an entry to lines' }).click();
    await page.getByLabel('lines 2 text', { exact: true }).fill('Ink');
    await page.getByLabel('lines 2 net', { exact: true }).fill('2.5');
    await page.getByRole('button', { name: 'Remove note' }).click();
    await page.getByRole('button', { name: 'Add a field', exact: true }).click();
    await page.getByLabel('Name of the new field').fill('currency');
    await page.keyboard.press('Enter');
    await page.getByLabel('currency', { exact: true }).fill('EUR');
    expect(await corrected()).toEqual({
      total: 1475.61,
      id: 9007199254740991,
      paid: true,
      due: '2026-01-31',
      lines: [
        { text: 'Paper', net: 1e-7 },
        { text: 'Ink', net: 2.5 },
      ],
      currency: 'EUR',
    });
  });

  test('as JSON the page says what is wrong and goes there; back in the fields all is as written', async () => {
    const { page, corrected } = await open({ a: 1, b: 'two' });
    await page.getByRole('button', { name: 'JSON' }).click();
    await page.locator('#correction').fill('{\n  "a": 1\n  "b": "three"\n}');
    await page.getByText('a comma is missing, line 3, column 3').waitFor();
    await page.getByRole('button', { name: 'Go there' }).click();
    await page.keyboard.type(',');
    await page.getByText('Valid JSON', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Fields' }).click();
    expect(await page.getByLabel('b', { exact: true }).inputValue()).toBe('three');
    expect(await corrected()).toEqual({ a: 1, b: 'three' });
  });

  test('a conversation is corrected message by message, with the calls of tools', async () => {
    const call = (args: string) => ({ id: 'c1', type: 'function', function: { name: 'find', arguments: args } });
    const { page, corrected } = await open([
      { role: 'assistant', content: 'Let me look.', tool_calls: [call('{"id":7}')] },
      { role: 'tool', tool_call_id: 'c1', content: 'sent' },
    ]);
    await page.getByLabel('Message 1', { exact: true }).fill('One moment.');
    await page.getByLabel('Call 1 of message 1: arguments').fill('{"id":8');
    await page.getByText('These arguments are not valid JSON').waitFor();
    await page.getByLabel('Call 1 of message 1: arguments').fill('{"id":8}');
    await page.getByRole('button', { name: 'Add a message' }).click();
    await page.getByLabel('Message 3', { exact: true }).fill('It was sent.');
    expect(await corrected()).toEqual([
      { role: 'assistant', content: 'One moment.', tool_calls: [call('{"id":8}')] },
      { role: 'tool', tool_call_id: 'c1', content: 'sent' },
      { role: 'assistant', content: 'It was sent.' },
    ]);
  });

  test('rows are corrected as a table', async () => {
    const { page, corrected } = await open([
      { item: 'Paper', net: 12.5 },
      { item: 'Ink', net: null },
      { item: 'Pens', net: 3 },
    ]);
    await page.getByLabel('item, row 1').fill('Card');
    await page.getByRole('button', { name: 'Fill in net, row 2' }).click();
    await page.getByLabel('net, row 2').fill('99.95');
    await page.getByRole('button', { name: 'Remove row 3' }).click();
    expect(await corrected()).toEqual([
      { item: 'Card', net: 12.5 },
      { item: 'Ink', net: 99.95 },
    ]);
  });

  test('Markdown is structure and never more: no HTML, no pictures, no links; its source is one click away', async () => {
    const output = [
      '# Policy <img src=x onerror="window.hacked=1">',
      'See [here](javascript:window.hacked=1), **bold\u202E** ![p](https://evil.test/p.png) <https://evil.test/a>',
      '- one\n- two',
      '| a | b |\n|---|---|\n| <script>window.hacked=1</script> | 2 |',
      '<svg onload="window.hacked=1"><style>@import "https://evil.test/x"</style></svg>',
      '```html\n<iframe src="https://evil.test"></iframe>\n```',
      '[x]: https://evil.test/ref',
    ].join('\n\n');
    await makeItem(service, await makeQueue(service), { output });
    const context = await signedIn(browser, service, await service.member());
    const foreign: string[] = [];
    context.on('request', (request) => {
      if (!request.url().startsWith(service.origin)) foreign.push(request.url());
    });
    const page = await atDesk(context, service);
    const shown = page.locator('.output .markdown');
    await shown.getByRole('heading', { name: 'Policy' }).waitFor();
    expect(await shown.locator('li').allTextContents()).toEqual(['one', 'two']);
    expect(await shown.locator('strong').textContent()).toBe('boldU+202E');
    expect(await shown.locator('td').first().textContent()).toBe('<script>window.hacked=1</script>');
    const text = await shown.textContent();
    for (const kept of [
      'javascript:window.hacked=1',
      'https://evil.test/p.png',
      '<svg onload',
      '<iframe',
      '<img src=x',
      'https://evil.test/ref',
    ]) {
      expect(text).toContain(kept);
    }
    expect(
      await page.locator('.output').locator('img, svg, script, style, iframe, a, [onerror], [onload]').count(),
    ).toBe(0);
    expect({ foreign, hacked: await page.evaluate(() => 'hacked' in globalThis) }).toEqual({
      foreign: [],
      hacked: false,
    });
    await page.getByRole('button', { name: 'Source' }).click();
    await page.locator('.output .text', { hasText: '**bold' }).waitFor();
    await context.close();
  });

  test('code has numbered lines that are not part of it', async () => {
    const code = 'import x from "x";\nexport function f() {\n  return 1;\n}\nconst y = f();';
    await makeItem(service, await makeQueue(service), { output: code });
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    expect(await page.locator('.output .line').count()).toBe(5);
    expect(await page.locator('.output .lines').textContent()).toBe(`${code}\n`);
    await context.close();
  });
});
