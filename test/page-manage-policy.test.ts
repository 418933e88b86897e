import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { lookAt } from './support/look.js';
import { makeQueue } from './support/reviewing.js';
import type { TestMember } from './support/service.js';

const RULES = [
  { name: 'risky', when: 'risk >= HIGH', queue: 'legal', priority: 5 },
  { name: 'rest', decision: 'PASS' },
];

describe.skipIf(isWithoutBrowser)('the policy editor', () => {
  let service: PageService;
  let browser: Browser;
  let mona: TestMember;
  vi.setConfig({ testTimeout: 90_000 });
  beforeAll(async () => {
    [service, browser] = await Promise.all([startPageService(), launch()]);
    mona = await service.member({ role: Role.MANAGER, name: 'Mona Manager' });
    const legal = await makeQueue(service, { key: 'legal' });
    await makeQueue(service, { key: 'support' });
    await savePolicy(RULES);
    // Two days of outputs, with a confidence of 0.00 to 0.99 and no risk.
    await service.sql(
      `INSERT INTO flag (project_id, external_id, content_hash, decision, policy_version, rule, flagged_by, seen, flagged_at)
       SELECT $1, day || '-' || n, '\\x00', 'PASS', 1, 'rest', 'system',
              json_build_object('source', 'app', 'model', NULL, 'prompt', NULL, 'confidence', n / 100.0, 'risk', NULL,
                                'reasons', json_build_array(), 'tags', json_build_array(), 'signals', json_build_array()),
              now() - make_interval(days => day)
         FROM generate_series(0, 1) day, generate_series(0, 99) n`,
      [service.projectId],
    );
    await service.sql(
      `INSERT INTO tally (project_id, queue_id, measure, day, subject, bucket, n)
       VALUES ($1, $2, 'REVIEW_MS', (now() AT TIME ZONE 'UTC')::date, 'somebody', 135, 8)`,
      [service.projectId, legal.id],
    );
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  const savePolicy = (rules: object[]) =>
    service.do<any>(mona.token, `mutation ($i: SavePolicyInput!) { savePolicy(input: $i) { policy { version } } }`, {
      i: { rules },
    });
  const active = async () =>
    (await service.do<any>(mona.token, `{ policy { version rules } }`)).policy as { version: number; rules: any[] };
  async function open(member = mona): Promise<Page> {
    const page = await (await signedIn(browser, service, member)).newPage();
    await page.goto(`${service.origin}/manage/policy`);
    await page.getByRole('heading', { name: 'Policy' }).waitFor();
    return page;
  }
  const conditionOf = (page: Page, place: number) => page.locator('li.rule textarea').nth(place);

  test('says what is wrong where it is wrong, tries the rules on what was flagged, and shows what it saves', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Add a rule at the top' }).click();
    await conditionOf(page, 0).fill('source == "app"\n  && confidnce < 0.25');
    await page.getByText(/Line 2, column 6: .*confidnce/).waitFor();
    expect(await page.locator('.faults pre').first().textContent()).toBe('  && confidnce < 0.25\n     ^');
    expect(await page.getByRole('button', { name: 'Save…' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Try' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: /^rule 1, / }).click();
    expect(
      await conditionOf(page, 0).evaluate((box: any) => [box === box.ownerDocument.activeElement, box.selectionStart]),
    ).toEqual([true, 21]);
    await page.reload();
    await page.getByText(/Line 2, column 6/).waitFor();
    await conditionOf(page, 0).fill('confidence < 0.25');
    await page.locator('li.rule').first().getByLabel('Go to').selectOption('legal');
    await page.locator('li.rule').first().getByLabel('Name').fill('unsure');
    await page.getByText('Not saved yet').waitFor();
    expect(await page.locator('.faults p').count()).toBe(0);

    await page.getByRole('button', { name: 'Try' }).click();
    const outcome = page.getByRole('region', { name: 'By rule' });
    await outcome.getByRole('row', { name: /unsure to legal 50 25 %/ }).waitFor();
    await page.getByText(/Of 200 outputs 50 would have gone to review \(25 %\)/).waitFor();
    await page
      .getByRole('region', { name: 'By queue' })
      .getByRole('row', { name: /legal 50 50 .* h$/ })
      .waitFor();
    await lookAt(page, 'manage-policy');

    await page.getByRole('button', { name: 'Move unsure down' }).click();
    await page.getByRole('button', { name: 'Save…' }).click();
    await page
      .getByRole('dialog')
      .getByText('Rule “unsure”: is new; which outputs: confidence < 0.25; go to: legal')
      .waitFor();
    await lookAt(page, 'manage-policy-save');
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved: version 2 decides from now on.').waitFor();
    const { rules } = await active();
    expect(rules.map(({ name }) => name)).toEqual(['risky', 'unsure', 'rest']);
    expect(rules[1]).toEqual({
      name: 'unsure',
      when: 'confidence < 0.25',
      sample: 1,
      decision: 'REVIEW',
      queue: 'legal',
    });

    // Every version stays, says what it changed, and can be taken up again.
    const versions = page.getByRole('region', { name: 'Versions' });
    await versions.getByText('by Mona Manager').first().waitFor();
    await versions.getByRole('button', { name: 'What it changed' }).first().click();
    await versions.locator('ins', { hasText: 'unsure' }).first().waitFor();
    await versions.getByRole('button', { name: 'Take up again' }).click();
    await expect.poll(() => page.locator('li.rule').count()).toBe(2);
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('dialog').getByText('Rule “unsure”: is removed').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved: version 3').waitFor();
    expect((await active()).rules.map(({ name }) => name)).toEqual(['risky', 'rest']);
  });

  test('tells that somebody saved meanwhile, and loses nothing of either', async () => {
    const page = await open();
    const { version } = await active();
    await conditionOf(page, 0).fill('risk >= CRITICAL');
    await savePolicy([{ ...RULES[0], priority: 9 }, RULES[1]!]);
    await expect.poll(() => page.getByRole('button', { name: 'Save…' }).isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByText(`Somebody saved version ${version + 1} while you were writing.`).waitFor();
    await page.getByRole('dialog').getByText('Rule “risky”, priority: 9 → 5').waitFor();
    // And once more while that is read: then nothing is saved.
    await savePolicy([{ ...RULES[0], priority: 8 }, RULES[1]!]);
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByText('The set-up was changed since this plan was made').waitFor();
    await page.getByRole('button', { name: 'Close; nothing of yours is lost' }).click();
    expect(await conditionOf(page, 0).inputValue()).toBe('risk >= CRITICAL');
    expect((await active()).rules[0].priority).toBe(8);
    // What was wrong with changes that are thrown away says nothing of the rules that stay.
    await conditionOf(page, 0).fill('risk >=');
    await page.getByText('ends too early').waitFor();
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByText('ends too early').waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Try' }).isEnabled()).toBe(true);
  });

  test('is looked at by viewers', async () => {
    const page = await open(await service.member({ role: Role.VIEWER }));
    await page.locator('.when', { hasText: 'risk >= HIGH' }).waitFor();
    expect(await page.locator('textarea, .rules input').count()).toBe(0);
    expect(await page.getByRole('button', { name: /Save|Try|Take up/ }).count()).toBe(0);
  });
});
