import { type Command, InvalidArgumentError } from 'commander';

import { Client } from './client.js';

const PAGE = 500;
const MARKS: Readonly<Record<string, string>> = { ADDED: '+', CHANGED: '~', RETRACTED: '-' };

interface Options {
  readonly list: boolean;
  readonly json: boolean;
}

interface ChangedCase {
  readonly caseId: string;
  readonly change: string;
  readonly fromRevision: number | null;
  readonly toRevision: number | null;
}

interface Answer {
  readonly snapshotDiff: {
    readonly added: number;
    readonly changed: number;
    readonly retracted: number;
    readonly cases: {
      readonly edges: readonly { readonly node: ChangedCase }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}

const QUERY = `query($dataset: String!, $from: Int!, $to: Int, $first: Int!, $after: Cursor) {
  snapshotDiff(dataset: $dataset, from: $from, to: $to) {
    added changed retracted
    cases(first: $first, after: $after) {
      edges { node { caseId change fromRevision toRevision } } pageInfo { hasNextPage endCursor } } } }`;

const HELP = `
The API key (scope READ or EXPORT) is read from COUNTERSIGN_API_KEY.

  countersign diff support 3 4       what changed from snapshot 3 to snapshot 4
  countersign diff support 4         what changed since snapshot 4
  countersign diff support 3 4 --list
      + added, ~ changed, - retracted, a case a line with its revisions`;

/** Adds `countersign diff`. */
export function register(program: Command): void {
  program
    .command('diff')
    .description('Say what changed between two snapshots of a dataset.')
    .argument('<dataset>', "the dataset's key")
    .argument('<from>', 'the earlier snapshot, by number', readNumber)
    .argument('[to]', 'the later one; left out, the dataset as it is now', readNumber)
    .option('--list', 'name every case', false)
    .option('--json', 'for programs: one JSON value a line, the counts first', false)
    .addHelpText('after', HELP)
    .action(diff);
}

async function diff(dataset: string, from: number, to: number | undefined, options: Options): Promise<void> {
  const client = Client.fromEnvironment();
  const read = (first: number, after: string | null) =>
    client.request<Answer>(QUERY, { dataset, from, to: to ?? null, first, after });
  let { snapshotDiff: found } = await read(options.list ? PAGE : 1, null);
  const { added, changed, retracted } = found;
  const later = to === undefined ? 'now' : `snapshot ${to}`;
  const counts = { dataset, from, to: to ?? null, added, changed, retracted };
  print(options.json ? JSON.stringify(counts) : `${dataset}, snapshot ${from} to ${later}: ${sentence(counts)}`);
  while (options.list) {
    for (const { node } of found.cases.edges) print(options.json ? JSON.stringify(node) : line(node));
    const { hasNextPage, endCursor } = found.cases.pageInfo;
    if (!hasNextPage) return;
    ({ snapshotDiff: found } = await read(PAGE, endCursor));
  }
}

function sentence({ added, changed, retracted }: { added: number; changed: number; retracted: number }): string {
  if (added + changed + retracted === 0) return 'nothing changed';
  return `${added} added, ${changed} changed, ${retracted} retracted`;
}

function line({ caseId, change, fromRevision, toRevision }: ChangedCase): string {
  const revisions = [fromRevision, toRevision].filter((revision) => revision !== null).join(' → ');
  return `${MARKS[change] ?? '?'} ${caseId}  revision ${revisions}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be the number of a snapshot, from 1.');
  return Number(text);
}
