import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { formats } from '../src/dataset/formats/index.js';
import { isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { type Answered, type Desk, flag, openDesk, review, saveDataset, saveQueue, settle } from './support/dataset.js';
import { eventually, lookAt } from './support/look.js';
import type { TestMember } from './support/service.js';

const QUESTIONS = [
  [
    'Can I send back the kettle after six weeks?',
    'Yes, you can return it within 60 days.',
    'Returns are possible within 30 days, so six weeks are too late.',
  ],
  ['Do you ship to Iceland?', 'No, we do not ship there.', 'Yes. It takes five to eight days and costs 19 €.'],
  ['Is the lamp dimmable?', 'Yes, with any dimmer.', 'Yes, with trailing-edge dimmers only.'],
  ['How do I clean the filter?', 'Put it in the dishwasher.', null],
  [
    'Where is my parcel 4471?',
    'It will arrive tomorrow, guaranteed.',
    'It left our warehouse on Monday; the carrier names no day yet.',
  ],
] as const;

describe.skipIf(isWithoutBrowser)('the pages of datasets', () => {
  let service: PageService;
  let browser: Browser;
  let desk: Desk;
  let manager: TestMember;
  vi.setConfig({ testTimeout: 180_000 });
  beforeAll(async () => {
    [service, browser] = await Promise.all([startPageService(), launch()]);
    manager = await service.member({ role: Role.MANAGER, name: 'Maya Lind' });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  const open = async (path = '', member = manager): Promise<Page> => {
    const page = await (await signedIn(browser, service, member)).newPage();
    await page.goto(`${service.origin}/manage/datasets${path}`);
    await page.locator('.datasets h1').waitFor();
    return page;
  };
  const answers: Record<string, string | null> = Object.fromEntries(QUESTIONS.map(([q, , right]) => [q, right]));
  const byHeart = ({ input }: { input: unknown }): Answered => {
    const right = answers[String(input)];
    return right == null
      ? { verdict: 'CONFIRMED' }
      : { verdict: 'CORRECTED', correctedOutput: right, comment: 'See the terms.' };
  };
  const mutate = (name: string, type: string, input: object) =>
    service.do(desk.manager, `mutation ($i: ${type}!) { ${name}(input: $i) { __typename } }`, { i: input });

  test('say that there is nothing yet, and what makes a dataset', async () => {
    const page = await open();
    await page.getByText('There is no dataset yet').waitFor();
    await lookAt(page, 'datasets-empty');
  });

  test('list each dataset with what waits in it', async () => {
    desk = await openDesk(service, { name: 'Support replies' });
    await saveQueue(service, desk.manager, { key: 'refunds', name: 'Refunds' });
    await saveDataset(service, desk.manager, {
      key: 'refunds',
      name: 'Refund decisions',
      queues: ['refunds'],
      bar: { minReviewers: 2 },
    });
    await flag(
      desk,
      QUESTIONS.map(([input, output], i) => ({
        input,
        output,
        externalId: `reply-${i + 1}`,
        tags: i % 2 ? ['shipping'] : ['returns', 'kitchen'],
        model: { name: 'gpt-5-mini', version: '2025-08-07' },
        reasons: ['Low confidence'],
        confidence: 0.41,
      })),
    );
    await flag(
      desk,
      [0, 1, 2].map((i) => ({
        input: `Refund request ${i + 1}: the kettle leaks`,
        output: 'Refund it.',
        externalId: `refund-${i + 1}`,
      })),
      'refunds',
    );
    // Two people who do not agree on one input.
    await review(desk, byHeart);
    await flag(desk, [{ input: 'Do you price-match?', output: 'Yes, always.', externalId: 'match-1' }]);
    await review(desk, () => ({ verdict: 'CONFIRMED' }));
    await flag(desk, [{ input: 'Do you price-match?', output: 'Yes!', externalId: 'match-2' }]);
    await review(desk, () => ({ verdict: 'CORRECTED', correctedOutput: 'Only with shops in the same country.' }));
    await settle(desk);

    const page = await open();
    const row = page.getByRole('row', { name: /Support replies/ });
    await row.waitFor();
    expect(await row.getByRole('cell').allTextContents()).toEqual(['support', '5', '0', '1', 'none']);
    const other = page.getByRole('row', { name: /Refund decisions/ });
    expect(await other.getByRole('cell').allTextContents()).toEqual(['refunds', '0', '3', '0', 'none']);
    await lookAt(page, 'datasets');
    await row.getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Support replies' }).waitFor();
    await eventually(() => page.locator('.cases li').count()).toBe(5);
  });

  test('find a case by what is in it, and show where it is from', async () => {
    const page = await open('/cases');
    await lookAt(page, 'dataset');
    await page.getByPlaceholder(/Search texts/).fill('ICELAND');
    await eventually(() => page.locator('.cases li').count()).toBe(1);
    await page.getByRole('combobox', { name: 'Verdict' }).selectOption('confirmed');
    await page.getByText('No case has that in it.').waitFor();
    await page.getByRole('combobox', { name: 'Verdict' }).selectOption('corrected');
    await page.locator('.cases a').click();
    await page.getByRole('heading', { name: 'Where it is from' }).waitFor();
    await page.locator('.reviews', { hasText: 'See the terms.' }).waitFor();
    expect(await page.locator('ins').first().textContent()).not.toBe('');
    await lookAt(page, 'dataset-case');
  });

  test('edit tags, alternatives and checks as the next revision, and show what it changed', async () => {
    const page = await open('/cases');
    await page.locator('.cases a', { hasText: 'lamp' }).click();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel(/^Tags/).fill('lighting, safety');
    await page.getByRole('button', { name: 'Add an alternative' }).click();
    await page.getByLabel('Alternative 1').fill('Only with a trailing-edge dimmer.');
    await page.getByRole('button', { name: 'Add a check' }).click();
    await page.getByLabel('Value of check 2').fill('trailing-edge');
    await lookAt(page, 'dataset-edit');
    await page.getByRole('button', { name: 'Save as revision 2' }).click();
    await page.locator('.expected', { hasText: 'Right as well' }).waitFor();
    await page.locator('.checks', { hasText: 'The output contains trailing-edge' }).waitFor();
    await page.getByText('What revision 2 changed').click();
    await page.locator('.difference ins', { hasText: 'lighting' }).waitFor();
    // The other revision has an address of its own.
    await page.locator('.revisions a', { hasText: '1' }).click();
    await page.getByText('This is revision 1.').waitFor();
    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
  });

  test('let what waits through, or refuse it, many at once and with a reason', async () => {
    const page = await open('/refunds/waiting');
    await page.getByText('Reviewed by 1; this dataset asks for 2.').first().waitFor();
    await lookAt(page, 'dataset-waiting');
    await page.getByLabel('Choose refund-3').check();
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByLabel('Why?').fill('A test of ours');
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.held > li').count()).toBe(2);
    await page.getByLabel('All that are shown').check();
    await page.getByRole('button', { name: 'Let through' }).click();
    await page.getByLabel('Why?').fill('Ada looked at them too');
    await lookAt(page, 'dataset-reason');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing waits').waitFor();
    expect(await page.getByRole('link', { name: /^Cases/ }).textContent()).toBe('Cases 2');
  });

  test('show contradicting answers side by side, and keep the one that is right', async () => {
    const page = await open('/cases/conflicts');
    await page.getByText('2 answers by 2 items').waitFor();
    await page.getByLabel(/Only with shops/).check();
    await lookAt(page, 'dataset-conflict');
    await page.getByRole('button', { name: 'Keep the chosen one' }).click();
    await page.getByLabel('Why?').fill('The terms of May');
    await page.keyboard.press('Enter');
    await page.getByText('No answers contradict each other.').waitFor();
    await page.getByRole('link', { name: /^Cases 6/ }).click();
    await page.getByText('Only with shops in the same country.').waitFor();
  });

  test('make snapshots, compare them word by word, and know when nothing has changed', async () => {
    const page = await open('/cases/snapshots');
    await page.getByText('There is no snapshot yet.').waitFor();
    await page.getByRole('button', { name: 'Make a snapshot' }).click();
    await page.getByText('Snapshot 1 is made.').waitFor();
    await page.getByRole('button', { name: 'Make a snapshot' }).click();
    await page.getByText('Nothing has changed since snapshot 1').waitFor();

    const { evalCases } = await service.do(
      desk.manager,
      `{ evalCases(dataset: "cases") { edges { node { id revision input } } } }`,
    );
    const [parcel, kettle] = ['parcel', 'kettle'].map(
      (word) => evalCases.edges.find(({ node }: any) => node.input.includes(word)).node,
    );
    await mutate('editCase', 'EditCaseInput', {
      dataset: 'cases',
      caseId: parcel.id,
      revision: 1,
      alternatives: ['It left on Monday.'],
      tags: ['parcels'],
    });
    await service.sql(
      `UPDATE eval_case_revision r SET next_position = d.position + 1
         FROM dataset d WHERE d.id = r.dataset_id AND r.case_id = $1 AND r.revision = $2`,
      [kettle.id, kettle.revision],
    );
    await service.sql(
      `WITH d AS (UPDATE dataset SET position = position + 1, case_count = case_count - 1 WHERE key = 'cases' RETURNING *),
            c AS (UPDATE eval_case SET revision = revision + 1, is_retracted = true WHERE id = $1)
       INSERT INTO eval_case_revision (project_id, dataset_id, case_id, revision, position, content_hash, split)
       SELECT r.project_id, r.dataset_id, r.case_id, r.revision + 1, d.position, r.content_hash, r.split
         FROM eval_case_revision r, d WHERE r.case_id = $1 AND r.revision = $2`,
      [kettle.id, kettle.revision],
    );
    await flag(desk, [{ input: 'Do you sell gift cards?', output: 'Yes, from 10 €.' }]);
    await review(desk, () => ({ verdict: 'CONFIRMED' }));
    await settle(desk);
    await page.getByRole('button', { name: 'Make a snapshot' }).click();
    await page.getByText('Snapshot 2 is made.').waitFor();
    await lookAt(page, 'dataset-snapshots');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('button', { name: '1 added' }).waitFor();
    await page.getByRole('button', { name: '1 taken back' }).waitFor();
    await page.locator('ins', { hasText: 'It left on Monday.' }).waitFor();
    await lookAt(page, 'dataset-diff');
    await page.getByRole('button', { name: '1 changed' }).click();
    await eventually(() => page.locator('.held > li').count()).toBe(1);
    await page.goBack();
    await page.getByRole('heading', { name: 'Support replies' }).waitFor();
  });

  test('say what a format leaves out, download what it has, and give the lines for CI', async () => {
    const page = await open('/cases/use');
    const format = page.getByLabel('Format');
    expect((await format.locator('option').evaluateAll((all) => all.map((one: any) => one.value))).toSorted()).toEqual(
      [...formats.keys()].toSorted(),
    );
    await format.selectOption('jsonl');
    await page.getByText(/6 cases, none left out/).waitFor();
    await format.selectOption('sft');
    await page.getByText(/left out, because this format cannot say them exactly/).waitFor();
    await lookAt(page, 'dataset-use');
    await format.selectOption('jsonl');
    await page.getByLabel('State').selectOption('snapshot 1');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'cases.jsonl' }).click(),
    ]);
    expect(download.url()).toContain('snapshot=1');
    const stream = await download.createReadStream();
    let lines = 0;
    for await (const piece of stream) lines += String(piece).split('\n').length - 1;
    expect(lines).toBe(6);

    await page.getByRole('button', { name: 'Inspect' }).click();
    expect(await page.locator('pre').textContent()).toContain(
      'countersign export cases --format inspect --out evals/cases',
    );
    await page.getByRole('button', { name: 'Copy' }).click();
  });

  test('show cases that look alike side by side: they are two, or one of them is taken out', async () => {
    const asked = ['Where is parcel 9001, please?', 'Where is parcel 9002, please?', 'Where is parcel 9003, please?'];
    for (const [i, input] of asked.entries()) {
      const chat = [{ role: 'user', content: input }];
      await flag(desk, [{ input: chat, output: 'It comes on Monday.', externalId: `alike-${i + 1}` }]);
      await review(desk, () => ({ verdict: 'CONFIRMED' }));
      await settle(desk);
    }
    const page = await open('/cases');
    await page.getByRole('link', { name: 'Look alike' }).click();
    const pairs = page.getByRole('article');
    await eventually(() => pairs.count()).toBe(3);
    const pair = (...names: string[]) =>
      names.reduce((some, name) => some.filter({ has: page.getByRole('link', { name, exact: true }) }), pairs);
    await pair('alike-1', 'alike-2').locator('ins', { hasText: '9002' }).waitFor();
    // A conversation on both sides.
    expect(await pair('alike-1', 'alike-2').locator('.pair .message').count()).toBe(2);
    await page.getByRole('link', { name: 'Look alike 3', exact: true }).waitFor();
    await lookAt(page, 'dataset-alike');
    await pair('alike-1', 'alike-2').getByRole('button', { name: 'They are two' }).click();
    await page.getByLabel('Why?').fill('Two parcels');
    await page.keyboard.press('Enter');
    await eventually(() => pairs.count()).toBe(2);
    await page.getByRole('link', { name: 'Look alike 2', exact: true }).waitFor();
    await pair('alike-1', 'alike-3').getByRole('button', { name: 'Take the newer out' }).click();
    await page.getByLabel('Why?').fill('The same question');
    await page.keyboard.press('Enter');
    await page.getByText('No two cases ask almost the same.').waitFor();

    // On the case it is said too, and can be taken back.
    await page.getByRole('link', { name: /^Cases/ }).click();
    await page.locator('.cases a', { hasText: '9001' }).click();
    await page.getByText('told apart').waitFor();
    await page.getByRole('button', { name: 'Take that back' }).click();
    await page.getByLabel('Why?').fill('I looked again');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'They are two' }).waitFor();
  });

  test('say in which runs of CI a case failed: on the dataset, the case and its item', async () => {
    const { evalCases } = await service.do(
      desk.manager,
      `{ evalCases(dataset: "cases") { edges { node { id input item { id } } } } }`,
    );
    const { node } = evalCases.edges.find((edge: any) => edge.node.input.includes('Iceland'));
    const run = { dataset: 'cases', commit: '4f2a9c1e77aa', url: 'https://ci.example/runs/7', incomplete: [] };
    await mutate('reportEvalRun', 'ReportEvalRunInput', {
      ...run,
      runId: 'nightly-7',
      outcome: 'FAILED',
      passed: [],
      failed: [node.id],
    });
    const page = await open('/cases/use');
    await page
      .getByRole('row', { name: /nightly-7/ })
      .getByText('failed')
      .waitFor();
    await page.goto(`${service.origin}/manage/datasets/cases/cases/${node.id}`);
    await page.getByRole('link', { name: 'nightly-7' }).waitFor();
    await lookAt(page, 'dataset-case-in-ci');
    await page.goto(`${service.origin}/manage/items/${node.item.id}`);
    const failures = page.getByRole('region', { name: 'Failed in CI' });
    await failures.getByText('still fails').waitFor();
    expect(await failures.getByRole('link', { name: 'nightly-7' }).getAttribute('href')).toBe(
      'https://ci.example/runs/7',
    );
    await lookAt(page, 'manage-item-failed');
    await page.goto(`${service.origin}/manage/items`);
    const marked = page.locator('tr', { has: page.getByText('fails in CI', { exact: true }) });
    await eventually(() => marked.count()).toBe(1);
    const rows = page.locator('table.items tbody tr');
    expect(await rows.count()).toBeGreaterThan(1);
    await page.getByLabel('Fails in CI', { exact: true }).check();
    await eventually(() => rows.count()).toBe(1);
    await lookAt(page, 'manage-items-failing');
    await page.goto(`${service.origin}/manage/items/${node.item.id}`);
    await mutate('reportEvalRun', 'ReportEvalRunInput', {
      ...run,
      runId: 'nightly-8',
      outcome: 'PASSED',
      passed: [node.id],
      failed: [],
    });
    await page.reload();
    await failures.getByText('passed since').waitFor();
    await page.goto(`${service.origin}/manage/items?failing=yes`);
    await page.getByText('Nothing meets this search.').waitFor();
    await page.goBack();
    await failures.getByRole('link', { name: 'its case in cases' }).click();
    await page.getByRole('link', { name: 'nightly-8' }).waitFor();
  });

  test('let a viewer look on and do nothing', async () => {
    await saveDataset(service, desk.manager, {
      key: 'strict',
      name: 'Strict',
      queues: ['support'],
      bar: { minReviewers: 5 },
    });
    await settle(desk);
    const page = await open('/strict/waiting', await service.member({ role: Role.VIEWER }));
    await page.getByText('this dataset asks for 5').first().waitFor();
    for (const name of ['Let through', 'Refuse']) expect(await page.getByRole('button', { name }).count()).toBe(0);
    await page.getByRole('link', { name: 'CI' }).click();
    await page.locator('code', { hasText: 'countersign gate' }).waitFor();
    expect(await page.getByLabel('Format').count()).toBe(0);
    await page.goto(`${service.origin}/manage/datasets/cases/alike`);
    await page.getByRole('article').first().waitFor();
    expect(await page.getByRole('button', { name: 'They are two' }).count()).toBe(0);
    await page.goto(`${service.origin}/manage/datasets/none`);
    await page.getByText('There is no such dataset').waitFor();
  });
});
