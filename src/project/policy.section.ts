import { Injectable, type OnModuleInit } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import { isSame, listDifferences } from './difference.js';
import type { Fault } from './fault.js';
import { checkPolicy, type PolicyRule } from './policy.js';
import { queueFaults } from './policy.queues.js';
import { PolicyService } from './policy.service.js';
import { addPolicy, readNewerPolicy, readQueueKeys } from './policy.sql.js';
import { SetupEffect, type SetupSection, type SetupWork } from './setup.js';
import { SetupSections } from './setup.sections.js';

/** `policy:` of a set-up document: the rules, in order. They replace all rules that were active. */
@Injectable()
export class PolicySection implements SetupSection, OnModuleInit {
  readonly name = 'policy';
  readonly order = 20;

  constructor(
    private readonly sections: SetupSections,
    private readonly policies: PolicyService,
  ) {}

  onModuleInit(): void {
    this.sections.register(this);
  }

  async apply(tx: Queryable, value: unknown, work: SetupWork): Promise<void> {
    const faultsBefore = work.faults.length;
    const rules = checkPolicy(value, [this.name], work.faults);
    await checkQueuesExist(tx, rules, work);
    if (work.faults.length > faultsBefore) return;
    const stored = await readNewerPolicy(tx, work.projectId, 0);
    const isUnchanged = isSame(stored?.rules, rules);
    const version = (stored?.version ?? 0) + (isUnchanged ? 0 : 1);
    work.changes.push({
      kind: 'policy',
      key: `version ${version}`,
      what: isUnchanged ? SetupEffect.UNCHANGED : stored ? SetupEffect.UPDATE : SetupEffect.CREATE,
      differences: listDifferences(copy(stored?.rules ?? []), copy(rules), 'rule'),
      before: stored?.rules ?? null,
      after: rules,
    });
    if (isUnchanged) return;
    await addPolicy(tx, work.projectId, { version, rules }, work.actor);
    work.event('POLICY_SAVED', { version });
  }

  applied(projectId: number): void {
    this.policies.forget(projectId);
  }
}

async function checkQueuesExist(tx: Queryable, rules: readonly PolicyRule[], work: SetupWork): Promise<void> {
  const keys = await readQueueKeys(tx, work.projectId);
  const isDeclared = ({ path }: Fault) => work.declares('queues', rules[path[1] as number]?.queue ?? '');
  work.faults.push(...queueFaults(rules, keys, ['policy']).filter((fault) => !isDeclared(fault)));
}

function copy(rules: readonly PolicyRule[]): { [key: string]: unknown; name: string }[] {
  return rules.map((rule) => ({ ...rule }));
}
