import type { Page } from 'playwright-core';

/** Processor time of the page for one key, in ms: more is felt. */
export const FELT_MS = 100;
/** Resolves when what was changed is drawn. */
export const DRAWN = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';

/**
 * Types, and returns the processor time that the page's own thread spent for each key until all was drawn, in ms. What
 * it waits for on a machine that others use does not count. COUNTERSIGN_TEST_TELLS=1 prints it.
 */
export async function costOfKeys(page: Page, text: string): Promise<number> {
  const tools = await page.context().newCDPSession(page);
  await tools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await tools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1_000;
  };
  const before = await spent();
  await page.keyboard.type(text);
  await page.evaluate(DRAWN);
  const each = ((await spent()) - before) / text.length;
  await tools.detach();
  if (process.env.COUNTERSIGN_TEST_TELLS)
    console.log(`“${text}”: ${each.toFixed(1)} ms of processor time for each key`);
  return each;
}
