/**
 * What a browser loads before the reviewer's page is there: index.html and every script and style that it names,
 * compressed as a proxy would. Exits 1 over the budget.
 */
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET = 300_000;
const folder = path.resolve(import.meta.dirname, '../dist/web');

const html = fs.readFileSync(path.join(folder, 'index.html'), 'utf8');
const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file]) => file);
const weights = ['index.html', ...named].map((file) => [
  file,
  gzipSync(fs.readFileSync(path.join(folder, file))).length,
]);
const total = weights.reduce((sum, [, bytes]) => sum + bytes, 0);

console.log(`The reviewer's page loads ${total} bytes compressed; ${BUDGET} are allowed.`);
if (named.length === 0 || total > BUDGET) {
  for (const [file, bytes] of weights) console.log(`  ${bytes} ${file}`);
  process.exit(1);
}
