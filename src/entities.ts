import type { EntityTarget } from 'typeorm';

import { AccessKey } from './access/access-key.entity.js';
import { Member } from './access/member.entity.js';
import { Project } from './access/project.entity.js';

/** Every class that is a table. Listed by hand: a glob would hide what is there. */
export const entities: EntityTarget<object>[] = [Project, Member, AccessKey];
