// Compiles and runs one program of bench/: `npm run bench -- kill --rounds 20`. Without a name, lists them.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [name, ...args] = process.argv.slice(2);
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''));

if (!name || !names.includes(name)) {
  console.error(`Usage: npm run bench -- NAME [options]\nThere are: ${names.join(', ')}`);
  process.exit(2);
}
const run = (file, ...rest) =>
  spawnSync(process.execPath, [file, ...rest], { cwd: root, stdio: 'inherit' }).status ?? 1;
const out = join(root, 'node_modules/.cache/countersign-bench');
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const compiled = run(tsc, '-p', 'tsconfig.json', '--outDir', out, '--tsBuildInfoFile', join(out, '.tsbuildinfo'));
process.exit(compiled || run(join(out, 'bench', `${name}.bench.js`), ...args));
