import { Injectable, type OnModuleInit } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import { isSame, listDifferences } from './difference.js';
import { checkPolicy, type PolicyRule } from './policy.js';
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
  rules.forEach((rule, i) => {
    if (rule.queue === undefined || keys.includes(rule.queue) || work.declares('queues', rule.queue)) return;
    const known = keys.length > 0 ? `there are ${keys.join(', ')}` : 'there is none yet';
    work.faults.push({
      path: ['policy', i, 'queue'],
      message: `rule "${rule.name}": no queue has the key "${rule.queue}"; ${known}`,
    });
  });
}

function copy(rules: readonly PolicyRule[]): { [key: string]: unknown; name: string }[] {
  return rules.map((rule) => ({ ...rule }));
}
