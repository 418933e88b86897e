import type { EntityTarget } from 'typeorm';

import { AccessKey } from './access/access-key.entity.js';
import { Member } from './access/member.entity.js';
import { Project } from './access/project.entity.js';
import { Policy } from './project/policy.entity.js';
import { Queue } from './project/queue.entity.js';
import { Rubric } from './project/rubric.entity.js';

/** Every class that is a table. Listed by hand: a glob would hide what is there. */
export const entities: EntityTarget<object>[] = [Project, Member, AccessKey, Queue, Rubric, Policy];
