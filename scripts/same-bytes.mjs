/**
 * Whether exports are the same bytes wherever they are made: every format, of cases that hold everything awkward, in
 * another time zone, under another locale, and on another version of Node, which is taken from COUNTERSIGN_OTHER_NODE or
 * the package registry. Without a registry it says so; exits 1 when any bytes differ. Needs a build.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OTHER_NODE = process.versions.node.startsWith('22.') ? '24.11.1' : '22.23.3';

if (process.argv[2] === '--print') {
  for (const [name, hash] of await hashes()) console.log(`${name} ${hash}`);
} else {
  process.exitCode = compare() ? 0 : 1;
}

function compare() {
  const here = printedBy(process.execPath, { TZ: 'UTC', LANG: 'C.UTF-8' });
  console.log(`same-bytes: ${here.trimEnd().split('\n').length} formats on Node ${process.versions.node}`);
  const others = [
    ['once more', process.execPath, { TZ: 'UTC', LANG: 'C.UTF-8' }],
    ['in another time zone', process.execPath, { TZ: 'Pacific/Chatham', LANG: 'C.UTF-8' }],
    ['under another locale', process.execPath, { TZ: 'UTC', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }],
  ];
  const folder = mkdtempSync(join(tmpdir(), 'countersign-node-'));
  try {
    const node = process.env.COUNTERSIGN_OTHER_NODE ?? installed(folder);
    if (node) others.push([`on Node ${version(node)}`, node, { TZ: 'Asia/Kolkata', LANG: 'de_DE.UTF-8' }]);
    else console.log('same-bytes: no other version of Node could be had here, so only this one was tried');
    return others.map(([what, ...how]) => isSame(what, here, printedBy(...how))).every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isSame(what, here, there) {
  console.log(`same-bytes: ${there === here ? 'the same' : 'DIFFERENT'} ${what}`);
  if (there !== here) console.log(`${here}\n--- ${what}\n${there}`);
  return there === here;
}

function printedBy(node, env) {
  const args = [fileURLToPath(import.meta.url), '--print'];
  const { stdout, stderr, status } = spawnSync(node, args, {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  });
  return status === 0 ? stdout : `failed: ${stderr}`;
}

/** A Node of another version from the registry, or null. Its packages hold the program and nothing to build. */
function installed(folder) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${OTHER_NODE}`];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'ignore', timeout: 120_000 });
  return status === 0 ? join(folder, 'node_modules', name, 'bin/node') : null;
}

function version(node) {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1);
}

async function hashes() {
  await import('reflect-metadata');
  const load = (path) => import(new URL(`../dist/src/dataset/${path}`, import.meta.url));
  const [{ formats }, { manifestOf }, { casesFilesOf }, { jsonLinesFrame }] = await Promise.all(
    ['formats/index.js', 'manifest.js', 'formats/format.js', 'formats/frame.js'].map(load),
  );
  const cases = await made(load);
  const info = { projectId: 1, datasetId: cases[0].id, dataset: 'refunds', snapshot: 3, hash: null, at: 1, since: 0 };
  const all = [];
  for (const format of formats.values()) {
    const sum = createHash('sha256');
    const target = { ...info, format, caseCount: cases.length, largestRecord: 0 };
    for await (const piece of manifestOf(target, () => [cases])) sum.update(piece);
    for (const file of casesFilesOf(format)) {
      const frame = (format.frame ?? jsonLinesFrame)();
      const encoded = cases.map((one) => format.encode(one, target));
      const lines = encoded.filter((one) => 'line' in one && (one.file ?? format.casesFile) === file);
      for (const piece of [frame.start(), frame.add(lines.map(({ line }) => line)), frame.end()]) sum.update(piece);
    }
    for (const { content } of format.files(target, new Map())) sum.update(content);
    all.push([format.name, sum.digest('hex')]);
  }
  return all;
}

/** Cases as promotion makes them, of every hostile text, with dates, fractions and keys in no order. */
async function made(load) {
  const [{ recordLine }, { caseContent, contentHash }, { splitOf }, { hostile }] = await Promise.all([
    ...['promote.record.js', 'eval-case.record.js', 'split.js'].map(load),
    import('../test/contract/hostile.mjs'),
  ]);
  const salt = 'a'.repeat(64);
  const percents = { train: 60, validation: 20, test: 20 };
  return [...hostile.values()].flatMap((text, i) =>
    [text, [{ role: 'user', content: text }], { ü: 1e21, I: 0.1 + 0.2, ı: -1.5e-7, [text]: text, a: [text] }].map(
      (input, j) => {
        const id = `019a0000-0000-7000-8000-${String(3 * i + j).padStart(12, '0')}`;
        const at = new Date(Date.UTC(2026, 2, 29, 1, 59, 59, i));
        const split = splitOf(salt, text, percents);
        const content = caseContent(input, j === 2 ? input : `${text}!`);
        const source = {
          queueKey: 'support',
          itemId: id,
          externalId: text,
          source: 'app',
          traceId: text,
          modelName: 'm',
          modelVersion: '1',
          promptName: null,
          promptVersion: null,
          flaggedAt: at,
          reasons: [text],
          confidence: i / 7,
          risk: 'HIGH',
          signals: [{ name: 'ß', value: 1 / 3 }],
          tags: [text],
          rule: null,
          policyVersion: null,
          context: [text, { text }],
          output: text,
          verdict: 'CORRECTED',
          labels: { İ: text, i: i / 3 },
          resolvedBy: 'CONSENSUS',
          decidedBy: null,
          reviews: [{ id, memberId: id, verdict: 'CORRECTED', rubricVersion: 1 }],
          agreementMetric: 'percent',
          agreementValue: 2 / 3,
          resolvedAt: at,
          ruling: null,
          edit: null,
        };
        const record = recordLine(source, content, { id, revision: 1, split, groupKey: text }, salt);
        return { id, revision: 1, contentHash: `sha256:${contentHash(content)}`, split, record };
      },
    ),
  );
}
