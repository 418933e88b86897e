#!/usr/bin/env node
// The command as npm links it. It runs what `npm run build` made; `npm start` builds too.
import { existsSync, readFileSync } from 'node:fs';

// `countersign … | head` is no fault of ours.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const built = new URL('../dist/src/cli/main.js', import.meta.url);
if (existsSync(built)) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const { main } = await import(built.href);
  const code = await main(process.argv.slice(2), version);
  // A command that ended well may have set a code of its own.
  if (code !== 0) process.exitCode = code;
  // Ends even if the client of another system left a timer behind; what was printed is written first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
} else {
  process.stderr.write('countersign is not built yet. Run: npm run build\n');
  process.exitCode = 1;
}
