import type { Content } from './cases.js';

/** Put a call of your application here: it gets the input of a case and gives back what it answers. */
export async function answer(input: Content): Promise<unknown> {
  throw new Error(`examples/ci/vitest/application.ts has to call your application (input of kind ${input.kind}).`);
}
