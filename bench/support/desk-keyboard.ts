import type { Browser, Page } from 'playwright-core';

export type Verdict = 'CONFIRMED' | 'CORRECTED' | 'REJECTED';

/**
 * Runs in the page before its own scripts. From the moment that the browser had the key which hands an answer in, until
 * the frame with the next item was painted: the item's id has changed, a frame was drawn, and a message that was posted
 * while it was drawn came back.
 */
const PROBE = `(() => {
  const answers = (globalThis.deskAnswers = []);
  let pressed = null;
  const shown = () => document.querySelector('.title .id')?.textContent ?? null;
  addEventListener('keydown', (event) => {
    const isTyping = event.target.closest('input, textarea');
    const isSubmit = event.key === 'Enter' ? event.ctrlKey : 'cr'.includes(event.key) && !isTyping;
    if (!isSubmit) return;
    const mine = (pressed = { at: event.timeStamp, item: shown(), waited: false });
    // What was ready is shown before anything else happens.
    setTimeout(() => (mine.waited = shown() === mine.item));
  }, true);
  new MutationObserver(() => {
    const item = pressed && shown();
    if (!item || item === pressed.item) return;
    const mine = pressed;
    pressed = null;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => answers.push({ ms: performance.now() - mine.at, waited: mine.waited });
      port2.postMessage(null);
    });
  }).observe(document, { subtree: true, childList: true, characterData: true });
})()`;

/** How long the next item took to be painted, and whether it had to be fetched first. */
export interface NextItem {
  readonly ms: number;
  readonly waited: boolean;
}

/** A person at the page who never touches the mouse. */
export class DeskKeyboard {
  /** What was handed in, by the item's external id. */
  readonly answers = new Map<string, Verdict>();
  private constructor(private readonly page: Page) {}

  static async sitDown(browser: Browser, url: string, token: string): Promise<DeskKeyboard> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const options = { data: { token }, headers: { origin: url } };
    const response = await context.request.post(`${url}/session`, options);
    if (response.status() !== 201) throw new Error(`sign-in was refused: ${await response.text()}`);
    const page = await context.newPage();
    await page.addInitScript(PROBE);
    await page.goto(url);
    await page.locator('.desk').waitFor();
    return new DeskKeyboard(page);
  }

  /** Reviews as many; returns how each next item came, in the order of the answers. */
  async review(items: number, thinkMs: number): Promise<NextItem[]> {
    await this.page.evaluate('void (globalThis.deskAnswers.length = 0)');
    for (let i = 0; i < items; i += 1) {
      await pause(thinkMs * (0.5 + Math.random()));
      const item = await this.answer();
      await this.page.locator('.title .id', { hasNotText: item }).waitFor({ timeout: 30_000 });
    }
    // The last one may be there and not painted yet.
    await pause(200);
    return this.page.evaluate<NextItem[]>('globalThis.deskAnswers');
  }

  /** Goes on until the page says that nothing is open. */
  async finishTheRest(): Promise<void> {
    const done = this.page.getByRole('heading', { name: 'Nothing open' });
    for (;;) {
      const next = this.page.locator('.title .id').or(done).first();
      await next.waitFor({ timeout: 60_000 });
      if (await done.isVisible()) return;
      const item = await this.answer();
      await this.page.locator('.title .id', { hasText: item }).waitFor({ state: 'detached' });
    }
  }

  leave(): Promise<void> {
    return this.page.context().close();
  }

  /** Confirms six of ten, corrects three, rejects one; the required question first. Returns the item's external id. */
  private async answer(): Promise<string> {
    const { keyboard } = this.page;
    const item = (await this.page.locator('.title .id').textContent())!;
    const turn = this.answers.size % 10;
    const isText = Number(item.slice(-1)) % 2 === 0;
    if (turn % 3 === 2 && isText) {
      await keyboard.press('2');
      await keyboard.press('e');
      await this.page.locator('#correction:focus').waitFor();
      await keyboard.press('Control+End');
      await keyboard.type(' Except on Sundays.');
      await keyboard.press('Control+Enter');
      this.answers.set(item, 'CORRECTED');
    } else {
      await keyboard.press('1');
      await keyboard.press(turn === 9 ? 'r' : 'c');
      this.answers.set(item, turn === 9 ? 'REJECTED' : 'CONFIRMED');
    }
    return item;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
