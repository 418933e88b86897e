/**
 * `npm run check`: everything that has to hold before a change is taken. Each step runs, so that one run tells all that
 * is wrong; exits 1 when any failed. `--without-tests` leaves the tests to whoever runs them separately.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const bin = (name) => path.join(root, 'node_modules/.bin', name);

const steps = [
  ['format', bin('prettier'), '--check', '--log-level', 'warn', '.'],
  // The page's operations are typed by schema.gql; lint and types both need to know.
  ['page: schema', bin('gql-tada'), 'generate-output', '--tsconfig', 'web/tsconfig.json'],
  ['lint', bin('oxlint'), '--type-aware'],
  ['types', bin('tsc'), '-p', 'tsconfig.json', '--noEmit'],
  ['page: types', bin('tsc'), '-p', 'web/tsconfig.json', '--noEmit'],
  ['dead code', bin('knip')],
  ['imports', bin('depcruise'), 'src', 'migrations', 'test'],
  ['build', process.execPath, 'scripts/build.mjs'],
  ['page: weight', process.execPath, 'scripts/page-weight.mjs'],
  // Starts and stops the built program, and compares schema.gql and both sides of the database with the code.
  ...(process.argv.includes('--without-tests') ? [] : [['tests', bin('vitest'), 'run']]),
];

const failed = [];
for (const [name, command, ...args] of steps) {
  const began = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? 'check: all well' : `check: failed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
