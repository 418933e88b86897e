import { registerEnumType } from '@nestjs/graphql';

import type { Queryable } from '../database/database.js';
import type { NewEvent } from '../log/event.js';
import type { Fault } from './fault.js';

export enum SetupEffect {
  CREATE = 'CREATE',
  UPDATE = 'UPDATE',
  UNCHANGED = 'UNCHANGED',
}
registerEnumType(SetupEffect, { name: 'SetupEffect' });

/** What becomes of one thing that a set-up document declares. */
export interface PlannedChange {
  /** `queue`, `policy`, `dataset`. */
  readonly kind: string;
  readonly key: string;
  readonly what: SetupEffect;
  /** For people; long values are cut. */
  readonly differences: readonly string[];
  /** How it stands before and after, in full: what the hash of a plan is made of. */
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * One top-level key of a set-up document. Folders register theirs with SetupSections, so that one document and one
 * transaction set up things which know nothing of each other.
 */
export interface SetupSection {
  readonly name: string;
  /** Lower ones go first: what a section refers to is then in the database. */
  readonly order: number;
  /**
   * Reads `value` and writes what it declares. Faults go to `work.faults` with a path that begins with `name`; after
   * one nothing of the document is kept, so a section may stop or go on. What the document does not name is left alone.
   * A dry run calls the same and rolls back.
   */
  apply(tx: Queryable, value: unknown, work: SetupWork): Promise<void>;
  /** Called after the commit of a document that changed something in this section. */
  applied?(projectId: number): void;
}

/** What one run of a document gathers. */
export class SetupWork {
  readonly faults: Fault[] = [];
  readonly changes: PlannedChange[] = [];
  readonly events: NewEvent[] = [];

  constructor(
    readonly projectId: number,
    /** Who does it, as the log names people. */
    readonly actor: string,
    private readonly document: Readonly<Record<string, unknown>>,
  ) {}

  /** Whether the document itself names that key under a section: what is faulty there is not unknown here. */
  declares(section: string, key: string): boolean {
    const entries = this.document[section];
    return Array.isArray(entries) && entries.some((entry: { key?: unknown } | null) => entry?.key === key);
  }

  event(kind: string, data: Readonly<Record<string, unknown>>, queueId?: string): void {
    const { projectId, actor } = this;
    this.events.push({ projectId, kind, actor, data, ...(queueId && { queueId }) });
  }
}
