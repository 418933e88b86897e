import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, vi } from 'vitest';

import { main } from '../../src/cli/main.js';
import type { ExportFormat, StoredCase } from '../../src/dataset/formats/format.js';
import { formats } from '../../src/dataset/formats/index.js';
import { manifestOf } from '../../src/dataset/manifest.js';
import { madeUpCase } from './made-up-cases.js';

/** A case whose reviewers labelled it. */
export function labelled(number: number, labels: Record<string, unknown>, texts = {}): StoredCase {
  const made = madeUpCase(number, {
    input: `question ${number}`,
    output: 'no',
    expected: `answer ${number}`,
    ...texts,
  });
  const record = JSON.parse(made.record ?? '{}');
  return { ...made, record: JSON.stringify({ ...record, provenance: { ...record.provenance, labels } }) };
}

export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder with an export of the cases, as "countersign export" writes it, and the gate to run on it. */
export interface Bench {
  readonly folder: string;
  write(path: string, content: unknown): string;
  /** Runs `countersign gate` on the export with these arguments. */
  gate(...args: string[]): Promise<Printed>;
}

/** For each test of a file: a new bench, by the function that is returned. */
export function benchOf(
  cases: readonly StoredCase[],
  formatName = 'promptfoo',
): { open(cases?: readonly StoredCase[], format?: string, since?: number): Promise<Bench> } {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-gate-'));
    vi.stubEnv('GITHUB_STEP_SUMMARY', undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (path: string, content: unknown) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  return {
    open: async (own = cases, format = formatName, since = 0) => {
      await writeExport(write, own, formats.get(format) as ExportFormat, since);
      return { folder, write, gate: (...args) => run(['gate', '--manifest', folder, ...args]) };
    },
  };
}

async function writeExport(
  write: Bench['write'],
  cases: readonly StoredCase[],
  format: ExportFormat,
  since: number,
): Promise<void> {
  const lines = cases
    .map((stored) => format.encode(stored, { dataset: 'refunds', snapshot: null }))
    .map((encoded) => ('line' in encoded ? `${encoded.line}\n` : ''));
  write(format.casesFile, lines.join(''));
  for (const { path, content } of format.files({ dataset: 'refunds', snapshot: null }, new Map())) write(path, content);
  const target = {
    projectId: 1,
    datasetId: '019a0000-0000-7000-8000-00000000d5e7',
    dataset: 'refunds',
    snapshot: null,
    hash: null,
    at: 100,
    since,
    format,
    caseCount: cases.length,
    largestRecord: 0,
  };
  async function* pages() {
    yield cases;
  }
  let manifest = '';
  for await (const text of manifestOf(target, pages)) manifest += text;
  write('manifest.json', manifest);
}

/** Runs a command line in this process. */
export async function run(args: readonly string[]): Promise<Printed> {
  const [out, err]: [string[], string[]] = [[], []];
  const catchIn = (lines: string[]) => (text: string | Uint8Array) => lines.push(String(text)) > 0;
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(catchIn(out)),
    vi.spyOn(process.stderr, 'write').mockImplementation(catchIn(err)),
  ];
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const code = await main(args, '1.2.3');
    return { code: code === 0 ? Number(process.exitCode) : code, out: out.join(''), err: err.join('') };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}
