import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { actorOf, type Viewer } from '../access/viewer.js';
import { Database, type Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import { append } from '../log/append.js';
import { LogHint } from '../log/hint.js';
import { canonical } from './canonical.js';
import { type Path, refuseFaults } from './fault.js';
import { type PlannedChange, type SetupSection, SetupEffect, SetupWork } from './setup.js';
import { SetupSections } from './setup.sections.js';
import { Shape } from './shape.js';

export interface SetupOptions {
  readonly dryRun?: boolean;
  /** The hash that a dry run returned; another plan than that one is refused. */
  readonly expectedHash?: string;
  /** Where a fault stands in what the caller sent, when that is not a document. */
  readonly pathOf?: (path: Path) => Path;
}

export interface SetupOutcome {
  readonly changes: readonly PlannedChange[];
  readonly hash: string;
  readonly applied: boolean;
}

/**
 * Set-up as code: makes a project what a document says, in one transaction, and does nothing the second time.
 *
 * A dry run does everything and rolls back, so what it shows is what will be done; `expectedHash` refuses to do anything
 * else. Set-ups of one project run one after the other, by a lock on its row that flags and reviews do not wait for.
 * Known limit: nothing is ever deleted; a queue that a file no longer names stays.
 */
@Injectable()
export class SetupService {
  constructor(
    private readonly database: Database,
    private readonly sections: SetupSections,
    private readonly logHint: LogHint,
  ) {}

  async apply(viewer: Viewer, document: unknown, options: SetupOptions = {}): Promise<SetupOutcome> {
    const outcome = await this.database
      .transaction(async (tx) => {
        const done = await this.run(tx, viewer, document, options);
        if (options.dryRun) throw new DryRun(done);
        return done;
      })
      .catch((error: unknown) => {
        if (error instanceof DryRun) return error.outcome;
        throw error;
      });
    if (outcome.applied) {
      this.logHint.wake(viewer.projectId);
      for (const section of this.sections.inOrder()) section.applied?.(viewer.projectId);
    }
    return outcome;
  }

  private async run(tx: Queryable, viewer: Viewer, document: unknown, options: SetupOptions): Promise<SetupOutcome> {
    await tx.query(`SELECT FROM project WHERE id = $1 FOR NO KEY UPDATE`, [viewer.projectId]);
    const sections = this.sections.inOrder();
    const work = new SetupWork(viewer.projectId, actorOf(viewer), asRecord(document));
    await applySections(tx, sections, document, work);
    const { pathOf } = options;
    refuseFaults(pathOf ? work.faults.map((fault) => ({ ...fault, path: pathOf(fault.path) })) : work.faults);
    const hash = hashOf(work.changes);
    if (options.expectedHash !== undefined && options.expectedHash !== hash) {
      throw new Refusal(
        'INVALID_INPUT',
        'The set-up was changed since this plan was made; look at the new plan first.',
        {
          hash,
        },
      );
    }
    await append(tx, work.events);
    const applied = !options.dryRun && work.changes.some(({ what }) => what !== SetupEffect.UNCHANGED);
    return { changes: work.changes, hash, applied };
  }
}

async function applySections(
  tx: Queryable,
  sections: readonly SetupSection[],
  document: unknown,
  work: SetupWork,
): Promise<void> {
  const known = sections.map((section) => section.name);
  const shape = Shape.read(document, [], work.faults, known);
  for (const section of sections) {
    if (shape?.has(section.name)) await section.apply(tx, shape.get(section.name), work);
  }
}

function asRecord(document: unknown): Readonly<Record<string, unknown>> {
  return typeof document === 'object' && document !== null ? (document as Record<string, unknown>) : {};
}

/** Equal plans have equal hashes; any other state before or after makes another. */
function hashOf(changes: readonly PlannedChange[]): string {
  const plan = changes.map(({ kind, key, what, before, after }) => ({ kind, key, what, before, after }));
  return createHash('sha256').update(canonical(plan)).digest('hex');
}

/** Leaves a transaction without keeping what it did. */
class DryRun extends Error {
  constructor(readonly outcome: SetupOutcome) {
    super('dry run');
  }
}
