/** Where reviews look for it; items are filtered by it, so it is declared with them. */
export { Verdict } from '../item/verdict.js';
