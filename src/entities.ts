import type { EntityTarget } from 'typeorm';

import { AccessKey } from './access/access-key.entity.js';
import { Member } from './access/member.entity.js';
import { Project } from './access/project.entity.js';
import { Assignment } from './assignment/assignment.entity.js';
import { Draft } from './assignment/draft.entity.js';
import { Escalation } from './assignment/escalation.entity.js';
import { Lapse } from './assignment/lapse.entity.js';
import { Skip } from './assignment/skip.entity.js';
import { Dataset } from './dataset/dataset.entity.js';
import { Snapshot } from './dataset/snapshot.entity.js';
import { Flag } from './intake/flag.entity.js';
import { Evidence } from './item/evidence.entity.js';
import { ReviewItem } from './item/item.entity.js';
import { Ticket } from './item/ticket.entity.js';
import { Policy } from './project/policy.entity.js';
import { Queue } from './project/queue.entity.js';
import { Rubric } from './project/rubric.entity.js';
import { Resolution } from './review/resolution.entity.js';
import { Review } from './review/review.entity.js';

/** Every class that is a table. Listed by hand: a glob would hide what is there. */
export const entities: EntityTarget<object>[] = [
  Project,
  Member,
  AccessKey,
  Queue,
  Rubric,
  Policy,
  Flag,
  ReviewItem,
  Evidence,
  Ticket,
  Assignment,
  Draft,
  Lapse,
  Skip,
  Escalation,
  Review,
  Resolution,
  Dataset,
  Snapshot,
];
