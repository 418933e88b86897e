import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { isWithoutBrowser, launch, type PageService, signedIn, startPageService } from './support/browser.js';
import { lookAt } from './support/look.js';
import type { TestMember } from './support/service.js';

describe.skipIf(isWithoutBrowser)('the queue editor', () => {
  let service: PageService;
  let browser: Browser;
  let mona: TestMember;
  vi.setConfig({ testTimeout: 180_000 });
  beforeAll(async () => {
    [service, browser] = await Promise.all([startPageService(), launch()]);
    mona = await service.member({ role: Role.MANAGER, name: 'Mona Manager' });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  const saveQueue = (input: object) =>
    service.do<any>(mona.token, `mutation ($i: SaveQueueInput!) { saveQueue(input: $i) { queue { key } } }`, {
      i: input,
    });
  const stored = async (key: string) =>
    (
      await service.do<any>(
        mona.token,
        `query ($key: String!) { queue(key: $key) { name instructions leaseSeconds slaSeconds members rubric { version fields } } }`,
        { key },
      )
    ).queue;
  async function open(address: string, member = mona): Promise<Page> {
    const page = await (await signedIn(browser, service, member)).newPage();
    await page.goto(service.origin + address);
    return page;
  }
  const save = async (page: Page, action = 'Save') => {
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
  };

  test('makes a queue with a rubric that is tried as a reviewer sees it, and says what is wrong where it is', async () => {
    const page = await open('/manage/queues');
    await page.getByText('There are no queues yet.').waitFor();
    await page.getByRole('link', { name: 'New queue' }).click();
    await page.getByLabel(/^Key/).fill('Refunds!');
    await page.getByLabel('Name', { exact: true }).fill('Refunds');
    await page.getByText('"Refunds!" must be 1 to 63 of a-z').waitFor();
    await page.getByLabel(/^Key/).fill('refunds');
    await page.getByLabel(/holds an item/).fill('two');
    await page.getByText(/Must be a number; it is the text "two"/).waitFor();
    await page.getByLabel(/holds an item/).fill('15');
    await page.getByLabel(/Deadline after/).fill('24');
    await page.getByLabel(/^Instructions/).fill('Returns are possible within 30 days.');

    await page.getByRole('button', { name: 'Add a question' }).click();
    const question = page.getByRole('listitem', { name: /^Question 1/ });
    await question.getByLabel('Question', { exact: true }).fill('What was wrong?');
    await question.getByLabel('Filed under').fill('what was');
    await question.getByText('must begin with a letter').waitFor();
    await question.getByLabel('Filed under').fill('failure');
    await question.getByLabel('Kind').selectOption('CHOICE');
    await question.getByLabel(/^Options/).fill('none: Nothing\nfact: A fact | It is not so\nstyle');
    await question.getByLabel('Must be answered').check();
    await page.getByRole('button', { name: 'Add a question' }).click();
    await page
      .getByRole('listitem', { name: /^Question 2/ })
      .getByLabel('Kind')
      .selectOption('SCALE');
    await page.getByRole('button', { name: 'Move A new question up' }).click();
    const preview = page.getByRole('region', { name: 'As a reviewer sees it' });
    await preview.getByRole('button', { name: 'A fact' }).click();
    expect(await preview.getByRole('button', { name: 'A fact' }).getAttribute('aria-pressed')).toBe('true');
    await lookAt(page, 'manage-queue');

    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('dialog').getByText('A reviewer holds an item for: 15 minutes').waitFor();
    expect(await page.getByRole('dialog').innerText()).not.toMatch(/[a-z][A-Z]|\bnull\b/);
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => page.url()).toContain('/manage/queues/refunds');
    await page.getByText('rubric version 1').waitFor();
    expect(await stored('refunds')).toMatchObject({ name: 'Refunds', leaseSeconds: 900, slaSeconds: 86_400 });
    const { fields } = (await stored('refunds')).rubric;
    expect(fields.map(({ name, type }: any) => [name, type])).toEqual([
      ['question_2', 'SCALE'],
      ['failure', 'CHOICE'],
    ]);
    expect(fields[1].options).toEqual([
      { value: 'none', label: 'Nothing' },
      { value: 'fact', label: 'A fact', guidance: 'It is not so' },
      { value: 'style', label: 'style' },
    ]);

    // A changed rubric is a new version; what is not touched stays.
    await page.getByRole('button', { name: 'Remove A new question' }).click();
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('dialog').getByText('Question “A new question”: is no longer asked').waitFor();
    await page.getByRole('dialog').getByText('reviews and leases under way keep the questions').waitFor();
    await lookAt(page, 'manage-queue-save');
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('rubric version 2').waitFor();
    await page.getByRole('link', { name: 'Queues' }).first().click();
    await page.getByRole('link', { name: 'Refunds' }).waitFor();
    await lookAt(page, 'manage-queues');
  });

  test('undoes nothing of somebody else’s, says where two wrote the same, and keeps what is not saved', async () => {
    await saveQueue({ key: 'letters', name: 'Letters', instructions: 'Be kind.' });
    const page = await open('/manage/queues/letters');
    await page.getByLabel(/^Instructions/).fill('Be kind and short.');
    await page.reload();
    await page.getByText('Not saved yet').waitFor();
    expect(await page.getByLabel(/^Instructions/).inputValue()).toBe('Be kind and short.');
    // Another setting: both changes stand.
    await saveQueue({ key: 'letters', leaseSeconds: 120 });
    await save(page);
    await page.getByText('Saved.').waitFor();
    expect(await stored('letters')).toMatchObject({ instructions: 'Be kind and short.', leaseSeconds: 120 });

    await page.getByLabel('Name', { exact: true }).fill('Our letters');
    await saveQueue({ key: 'letters', name: 'Their letters' });
    await expect.poll(() => page.getByRole('button', { name: 'Save…' }).isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByText('Somebody changed this too while you were writing: Name.').waitFor();
    await page.getByRole('dialog').getByText('Name: Their letters → Our letters').waitFor();
    await saveQueue({ key: 'letters', name: 'Yet another name' });
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByText('The set-up was changed since this plan was made').waitFor();
    await page.getByRole('button', { name: 'Close; nothing of yours is lost' }).click();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Our letters');
    expect((await stored('letters')).name).toBe('Yet another name');
  });

  test('sets how many answer, what the clock counts and what it does, and how people are tested', async () => {
    await saveQueue({ key: 'experts', name: 'Experts' });
    await saveQueue({ key: 'claims', name: 'Claims', slaSeconds: 3_600 });
    const page = await open('/manage/queues/claims');
    const faultsOf = (name: string) => page.getByRole('region', { name, exact: true }).locator('.trouble');
    await page.getByLabel('Reviews of each item').fill('2');
    await page.getByLabel('At most, where they disagree').fill('1');
    await faultsOf('Reviews')
      .getByText('Must be at least “Reviews of each item”, which is 2; it is 1', { exact: false })
      .waitFor();
    await page.getByLabel('At most, where they disagree').fill('4');
    await page.getByLabel('Agreement needed').fill('120');
    await faultsOf('Reviews').getByText('Must be 0 to 100 %; it is 120.', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Reviews 1 to put right' }).waitFor();
    await page.getByLabel('Agreement needed').fill('60');

    // Opening hours begin as office hours; what is wrong is said at the day, and at the zone.
    await page.getByLabel('Only opening hours').check();
    await page.getByLabel('Time zone').fill('Europe/Nowhere');
    await faultsOf('Deadlines').getByText('"Europe/Nowhere" is no time zone').waitFor();
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    await page.getByLabel('Monday').fill('9-12');
    await faultsOf('Deadlines').getByText('Must be like 09:00-17:00').waitFor();
    await page.getByLabel('Monday').fill('08:00-12:00, 13:00-18:00');
    await page.getByRole('button', { name: 'Same until Friday' }).click();
    expect(await page.getByLabel('Friday').inputValue()).toBe('08:00-12:00, 13:00-18:00');
    await page.getByLabel('Friday').fill('');
    await page.getByLabel('Holidays').fill('2026-12-25, 2026-13-01');
    await faultsOf('Deadlines').getByText('Must be a date like 2026-12-25').waitFor();
    await page.getByLabel('Holidays').fill('2026-12-25, 2027-01-01');

    // Raise, widen, hand over, and in the end an answer.
    const add = page.getByRole('button', { name: 'Add a step' });
    const step = (place: number) => page.getByRole('listitem', { name: `Step ${place}` });
    for (const [place, action] of ['RAISE', 'WIDEN', 'HAND_OVER'].entries()) {
      await add.click();
      await step(place + 1)
        .getByLabel('What happens')
        .selectOption(action);
    }
    await step(3).getByText('Choose the queue that it goes to.').waitFor();
    await step(3).getByLabel('To which queue').selectOption('experts');
    await step(3).getByLabel('Hours after the deadline').fill('1.5');
    await step(2).getByLabel('Hours after the deadline').fill('2');
    await step(3).getByText('Is before step 2 (2 hours)').waitFor();
    await lookAt(page, 'manage-queue-deadlines');
    await step(2).getByLabel('Hours after the deadline').fill('1');
    await page.getByLabel('In the end').selectOption('REJECT');
    await step(3).getByText('Is never reached: “Final answer of the deadline” answers').waitFor();
    await page.getByLabel('So long after the deadline').fill('4');

    await page.getByLabel('Known answers among a reviewer’s items').fill('60');
    await faultsOf('Known answers').getByText('Must be 0 to 50 %; it is 60.').waitFor();
    await page.getByLabel('Known answers among a reviewer’s items').fill('7');
    await page.getByLabel('Paused below').fill('80');
    await page.getByLabel('Not before').fill('25');
    await save(page);
    await page.getByText('Saved.').waitFor();
    const { queue } = await service.do<any>(
      mona.token,
      `{ queue(key: "claims") { reviewsRequired reviewsMax agreementBar slaSeconds hours deadlineSteps onDeadline
           onDeadlineAfterSeconds gold { rate bar minimum } } }`,
    );
    const shifts = ['08:00-12:00', '13:00-18:00'];
    expect(queue).toEqual({
      reviewsRequired: 2,
      reviewsMax: 4,
      agreementBar: 0.6,
      slaSeconds: 3_600,
      hours: {
        zone: 'Europe/Berlin',
        week: { monday: shifts, tuesday: shifts, wednesday: shifts, thursday: shifts },
        holidays: ['2026-12-25', '2027-01-01'],
      },
      deadlineSteps: [
        { afterSeconds: 0, action: 'RAISE', priority: 8 },
        { afterSeconds: 3_600, action: 'WIDEN' },
        { afterSeconds: 5_400, action: 'HAND_OVER', queue: 'experts' },
      ],
      onDeadline: 'REJECT',
      onDeadlineAfterSeconds: 14_400,
      gold: { rate: 0.07, bar: 0.8, minimum: 25 },
    });

    // What was stored is what is shown, and nothing is changed by looking at it.
    await page.reload();
    await page.getByLabel('Thursday').waitFor();
    expect(await page.getByLabel('Paused below').inputValue()).toBe('80');
    expect(await step(3).getByLabel('To which queue').inputValue()).toBe('experts');
    await page.getByLabel('Name', { exact: true }).fill('Claims of customers');
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('dialog').getByText('Name: Claims → Claims of customers').waitFor();
    expect(await page.getByRole('dialog').getByRole('listitem').count()).toBe(1);
  });

  test('is looked at by viewers, who change nothing', async () => {
    await saveQueue({
      key: 'seen',
      name: 'Seen',
      slaSeconds: 14_400,
      hours: { zone: 'Europe/Berlin', week: { monday: ['09:00-17:00'] }, holidays: [] },
      deadlineSteps: [{ afterSeconds: 1_800, action: 'RAISE', priority: 7 }],
      rubric: [{ name: 'ok', type: 'BOOLEAN', label: 'Is it right?' }],
    });
    const viewer = await service.member({ role: Role.VIEWER });
    const page = await open('/manage/queues/seen', viewer);
    await page.getByRole('group', { name: 'Is it right?' }).waitFor();
    expect(await page.getByRole('button', { name: 'Save…' }).count()).toBe(0);
    expect(await page.locator('input').count()).toBe(0);
    // In words, not by the names of settings.
    const settings = page.getByRole('region', { name: 'Settings' });
    await settings.getByText('4 hours after an item arrives').waitFor();
    await settings.getByText('after 30 minutes: priority 7').waitFor();
    expect(await settings.innerText()).not.toMatch(/[a-z][A-Z]|STAY_OPEN|\bnull\b/);
    await lookAt(page, 'manage-queue-looked-at');
    await page.goto(`${service.origin}/manage/queues/nowhere`);
    await page.getByText('There is no such queue').waitFor();
  });
});
