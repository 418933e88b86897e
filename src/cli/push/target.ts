import { CommandFailure } from '../failure.js';

/** A case as it is sent: the row of the system's own export format. */
export interface Row {
  readonly caseId: string;
  readonly revision: number;
  readonly contentHash: string;
  /** One line of the format, read. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a system has of a case: enough to tell whether it is as it should be, and to take it back. */
export interface Held {
  readonly caseId: string;
  readonly revision: number | null;
  readonly contentHash: string | null;
  /** The dataset of the service that it was pushed from; null when the system does not say. */
  readonly dataset: string | null;
  readonly isArchived: boolean;
}

/** A dataset of the system, open for pushing. Everything here may be called again after a failure. */
export interface Remote {
  /** All that is there under ids of cases; what people put there themselves is left out. */
  list(): AsyncIterable<Held>;
  /** Cases that are not there. */
  add(rows: readonly Row[]): Promise<void>;
  /** Cases that are there with another revision. */
  replace(rows: readonly Row[]): Promise<void>;
  /** Where the system has a way to put a case out of use without deleting it. */
  archive?(held: readonly Held[]): Promise<void>;
}

export interface Opening {
  /** The dataset's key here. */
  readonly dataset: string;
  /** Its name there. */
  readonly name: string;
  /** Overrides the address that the environment or the client names. */
  readonly endpoint: string | null;
  /** A required variable that is not set has been refused before. */
  readonly env: NodeJS.ProcessEnv;
  /** Loads the system's own client. */
  readonly load: <Module>(packageName: string) => Promise<Module>;
}

/** A system that eval cases are pushed to: one file here and a line in targets.ts. */
export interface PushTarget {
  /** Also the name of the export format whose rows are sent. */
  readonly name: string;
  readonly title: string;
  /** The client on npm; null where it is spoken to over HTTP. */
  readonly packageName: string | null;
  /** Variables that must be set: of each list, one. */
  readonly needs: readonly (readonly string[])[];
  /** Others that it reads, for the help. */
  readonly reads: readonly string[];
  /** Cases in one request. */
  readonly batchRows: number;
  /** Opens the dataset, and makes it when it is not there. */
  open(opening: Opening): Promise<Remote>;
}

/** The most bytes of one request, near which a batch ends. */
export const BATCH_BYTES = 4_000_000;

/** The value of the first variable that is set. */
export function setting(env: NodeJS.ProcessEnv, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]?.trim()).find((value) => value);
}

/** What the rows' metadata say of a case, wherever a format puts them. */
export function heldBy(metadata: unknown, isArchived = false): Held | null {
  if (metadata === null || typeof metadata !== 'object') return null;
  const { case_id: caseId, revision, content_hash: hash, countersign_dataset: dataset } = metadata as Fields;
  if (typeof caseId !== 'string') return null;
  return {
    caseId,
    revision: revision === undefined ? null : Number(revision),
    contentHash: typeof hash === 'string' ? hash : null,
    dataset: typeof dataset === 'string' ? dataset : null,
    isArchived,
  };
}

/** The id of a dataset, as an answer has it; whoever answers without one is somebody else. */
export function idFrom(title: string, answer: { readonly id?: unknown } | null | undefined): string {
  if (typeof answer?.id === 'string' && answer.id !== '') return answer.id;
  throw new CommandFailure(`What answers is not ${title}. Is the address right? --endpoint sets it.`);
}

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return value !== null && typeof value === 'object' ? (value as Fields) : {};
}
