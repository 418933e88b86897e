/**
 * Builds dist/: the service by tsc, the pages by vite. `--if-stale` does nothing when dist/ is newer than its sources;
 * that is what `npm start` runs first. What is built is complete before it takes the place of what was there.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const at = (...parts) => path.join(root, ...parts);
const [target, aside, old] = [at('dist'), at('dist.unfinished'), at('dist.old')];
const SOURCES = ['src', 'migrations', 'web', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
const STAMP = '.built';

const isWanted = process.argv.includes('--if-stale');
if (!isWanted || isStale()) build();
if (isWanted) stampStart();

function isStale() {
  const built = fs.statSync(path.join(target, STAMP), { throwIfNoEntry: false })?.mtimeMs;
  return built === undefined || SOURCES.some((source) => newest(at(source)) > built);
}

/** The latest change below a file or folder; a folder's own time tells of files that were removed. */
function newest(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...fs.readdirSync(file).map((name) => newest(path.join(file, name))));
}

function build() {
  const began = Date.now();
  process.stderr.write('Building…\n');
  fs.rmSync(aside, { recursive: true, force: true });
  // The time of the stamp is that of the start: what is edited while we build counts as newer.
  fs.mkdirSync(aside);
  fs.writeFileSync(path.join(aside, STAMP), '');
  run('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', aside, '--incremental', 'false']);
  if (fs.existsSync(at('web', 'vite.config.ts'))) {
    run('vite/bin/vite.js', [
      'build',
      'web',
      '--outDir',
      path.join(aside, 'web'),
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ]);
  }
  fs.rmSync(old, { recursive: true, force: true });
  if (fs.existsSync(target)) fs.renameSync(target, old);
  fs.renameSync(aside, target);
  fs.rmSync(old, { recursive: true, force: true });
  process.stderr.write(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.\n`);
}

function run(script, args) {
  const file = at('node_modules', script);
  if (!fs.existsSync(file)) {
    process.stderr.write(`${script} is not installed. Run \`npm ci\` (with development packages) first.\n`);
    process.exit(1);
  }
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** For the time from `npm start` to ready, which the service prints. */
function stampStart() {
  try {
    fs.writeFileSync(path.join(target, '.started'), String(Math.round(performance.timeOrigin)));
  } catch {
    // Somebody else's installation: the service then counts from its own start.
  }
}
