import type { Browser, Page } from 'playwright-core';
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
import { makeItem, makeItems, makeQueue } from './support/reviewing.js';

const option = (value: string) => ({ value, label: value });
const FAILURE = {
  name: 'failure',
  type: 'CHOICE',
  label: 'What was wrong?',
  required: true,
  options: ['none', 'fact'].map(option),
};
const WORDS = {
  name: 'words',
  type: 'SPANS',
  label: 'Which words?',
  required: true,
  options: ['claim', 'number'].map(option),
  maxSpans: 9,
  overlap: false,
  shownIf: [{ field: 'failure', in: ['fact'] }],
};
const ORDER = {
  name: 'order',
  type: 'RANKING',
  label: 'Which counts most?',
  required: true,
  options: ['policy', 'mail', 'web'].map(option),
};
const HARM = { name: 'harm', type: 'SCALE', label: 'How bad?', required: false, min: 0, max: 2, step: 0.5 };
const WHY = {
  name: 'why',
  type: 'TEXT',
  label: 'Why not?',
  required: true,
  maxLength: 99,
  shownIf: [{ verdict: ['REJECTED'] }],
};

describe.skipIf(isWithoutBrowser)('the rubric on the page', () => {
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

  const reviewOf = async (id: string) => {
    const find = async () => (await reviewsOf(service)).find((review) => review.external_id === id);
    await until(async () => (await find()) !== undefined);
    return (await find())!;
  };

  test('words are marked by keyboard and by mouse, counted in code points, and the marks can be removed', async () => {
    const output = 'a👩‍🚒b e\u0301té\u200B שלום 60 € end';
    const item = await makeItem(service, await makeQueue(service, { fields: [FAILURE, WORDS] }), { output });
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    await page.keyboard.press('2');
    await page.locator('.markable[contenteditable="true"]').focus();
    // By keyboard: the fire fighter is one step of the cursor and three code points.
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('1');
    await page.locator('mark', { hasText: '👩‍🚒' }).waitFor();
    // By mouse, behind an invisible character and from right to left.
    await drag(page, '60 €');
    await page.keyboard.press('2');
    await page.locator('mark', { hasText: '60 €' }).waitFor();
    await drag(page, 'שלום');
    await page.getByRole('toolbar').getByRole('button', { name: 'claim' }).click();
    await page.locator('mark', { hasText: 'שלום' }).waitFor();
    // What overlaps is refused in words; letters do not change the text.
    await drag(page, '€ end');
    await page.keyboard.press('1');
    await page.getByText('Marks must not overlap here').waitFor();
    await page.keyboard.press('x');
    expect(await page.locator('.markable').textContent()).toContain('60 € end');

    await page.locator('.span-chip', { hasText: 'שלום' }).click();
    await expect.poll(() => page.locator('mark').count()).toBe(2);
    await page.keyboard.press('c');
    const { labels } = await reviewOf(item);
    const points = [...output];
    const { words } = labels as { words: { start: number; end: number; label: string }[] };
    expect(words.map(({ start, end, label }) => [points.slice(start, end).join(''), label])).toEqual([
      ['👩‍🚒', 'claim'],
      ['60 €', 'number'],
    ]);
    await context.close();
  });

  test('a text inside the output is marked, and where there is none nothing is asked', async () => {
    const queue = await makeQueue(service, { fields: [{ ...WORDS, shownIf: undefined, target: '/answer' }] });
    const [first, second] = await makeItems(service, queue, [{ output: { answer: 'good day' } }, { output: 'plain' }]);
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    await drag(page, 'day');
    await page.keyboard.press('2');
    await page.keyboard.press('c');
    await page.locator('.title .id', { hasText: second! }).waitFor();
    await page.keyboard.press('c');
    expect((await reviewOf(first!)).labels).toEqual({ words: [{ start: 5, end: 8, label: 'number' }] });
    expect((await reviewOf(second!)).labels).toEqual({});
    await context.close();
  });

  test('questions come with the answers and the verdict that ask for them, and nothing else moves', async () => {
    const fields = [FAILURE, WORDS, HARM, ORDER, WHY];
    const item = await makeItem(service, await makeQueue(service, { fields }), { output: 'in 60 days' });
    const context = await signedIn(browser, service, await service.member());
    const page = await atDesk(context, service);
    const places = () =>
      Promise.all(['#field-failure', '.verdicts', '.markable'].map((at) => page.locator(at).boundingBox()));
    const before = await places();
    expect(await page.locator('#field-words').count()).toBe(0);
    await page.keyboard.press('2');
    await page.locator('#field-words').waitFor();
    expect(await places()).toEqual(before);
    await drag(page, '60 days');
    await page.keyboard.press('2');
    // What is not asked any more is not sent.
    await page.locator('#field-failure').getByRole('button', { name: 'none' }).click();
    await page.locator('#field-words').waitFor({ state: 'detached' });

    await page.locator('#field-order').getByRole('button', { name: 'web' }).click();
    await page.keyboard.press('1');
    const order = () => page.locator('.ranking .grow').allTextContents();
    expect(await order()).toEqual(['web', 'policy', 'mail']);
    await page.locator('.ranking').getByRole('button', { name: 'policy, place 2' }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    expect(await order()).toEqual(['policy', 'web', 'mail']);
    const [handle, last] = await Promise.all([0, 2].map((i) => page.locator('.handle').nth(i).boundingBox()));
    await page.mouse.move(handle!.x + 4, handle!.y + 4);
    await page.mouse.down();
    await page.mouse.move(last!.x + 4, last!.y + 6, { steps: 4 });
    await page.mouse.up();
    expect(await order()).toEqual(['web', 'mail', 'policy']);
    await page.locator('#field-harm').getByRole('button', { name: '0', exact: true }).click();

    await page.keyboard.press('Escape');
    await page.locator('h1').first().focus();
    await page.keyboard.press('r');
    await page.getByText('R again rejects it').waitFor();
    await page.keyboard.type('too risky');
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    const { verdict, labels } = await reviewOf(item);
    expect({ verdict, labels }).toEqual({
      verdict: 'REJECTED',
      labels: { failure: 'none', harm: 0, order: ['web', 'mail', 'policy'], why: 'too risky' },
    });
    await context.close();
  });
});

interface Point {
  x: number;
  y: number;
}

/** Where words of the output begin and end on the screen. Of what is written from right to left, they begin at the right. */
const endsOf = (words: string) => `(() => {
  const walker = document.createTreeWalker(document.querySelector('.markable'), NodeFilter.SHOW_TEXT);
  const places = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (let i = 0; i < node.length; i += 1) places.push([node, i, node.data[i]]);
  const at = places.map(([, , letter]) => letter).join('').indexOf(${JSON.stringify(words)});
  const boxOf = ([node, i]) => {
    const range = document.createRange();
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    return range.getBoundingClientRect();
  };
  const first = boxOf(places[at]);
  const last = boxOf(places[at + ${words.length} - 1]);
  const isTurned = last.left < first.left;
  const pointIn = (box, isAtRight) => ({ x: isAtRight ? box.right - 1 : box.left + 1, y: (box.top + box.bottom) / 2 });
  return [pointIn(first, isTurned), pointIn(last, !isTurned)];
})()`;

/** Selects words of the output as somebody does with a mouse. */
async function drag(page: Page, words: string): Promise<void> {
  const [from, to] = await page.evaluate<[Point, Point]>(endsOf(words));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
}
