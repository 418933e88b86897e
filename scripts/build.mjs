/**
 * Builds dist/: the service by tsc, the pages by vite. `--if-stale` does nothing when dist/ is newer than its sources;
 * that is what `npm start` runs first. What is built is complete before it takes the place of what was there.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const at = (...parts) => path.join(root, ...parts);
const [target, aside, old, lockFolder] = ['dist', 'dist.unfinished', 'dist.old', 'dist.lock'].map((name) => at(name));
const SOURCES = ['src', 'migrations', 'web', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
const STAMP = '.built';

const onlyIfStale = process.argv.includes('--if-stale');

if (!onlyIfStale || isStale()) {
  lock();
  if (!onlyIfStale || isStale()) build();
  unlock();
}
if (onlyIfStale) stampStart();

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
  fs.mkdirSync(aside);
  // The time of the stamp is that of the start: what is edited while we build counts as newer.
  fs.writeFileSync(path.join(aside, STAMP), '');
  run('typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', aside, '--incremental', 'false']);
  if (fs.existsSync(at('web', 'vite.config.ts'))) {
    run('vite/bin/vite.js', ['build', 'web', '--outDir', path.join(aside, 'web'), '--emptyOutDir']);
  }
  fs.rmSync(old, { recursive: true, force: true });
  if (fs.existsSync(target)) fs.renameSync(target, old);
  fs.renameSync(aside, target);
  fs.rmSync(old, { recursive: true, force: true });
  process.stderr.write(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.\n`);
}

/** Runs one tool; what it says is shown when it fails. */
function run(script, args) {
  const file = at('node_modules', script);
  if (!fs.existsSync(file)) fail(`${script} is not installed. Run \`npm ci\` (with development packages) first.`);
  // Tests build too when they must, and what they are called in (NODE_ENV=test) must not make it React's slow edition.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) fail(`${stdout}${stderr}`);
}

function fail(message) {
  fs.rmSync(aside, { recursive: true, force: true });
  process.stderr.write(`${message.trimEnd()}\n`);
  unlock();
  process.exit(1);
}

/** One build at a time; whoever waited then finds that there is nothing left to do. */
function lock() {
  for (;;) {
    try {
      fs.mkdirSync(lockFolder);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`${root} cannot be written to (${error.code}), so it cannot be built here.`);
      const age = Date.now() - (fs.statSync(lockFolder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > 180_000) unlock();
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}

function unlock() {
  fs.rmSync(lockFolder, { recursive: true, force: true });
}

/** For the time from `npm start` to ready, which the service prints. */
function stampStart() {
  try {
    fs.writeFileSync(path.join(target, '.started'), String(Math.round(performance.timeOrigin)));
  } catch {
    // Somebody else's installation: the service then counts from its own start.
  }
}
