import type { Viewer, ViewerMember } from '../access/viewer.js';
import { Refusal } from '../errors.js';

/** Who does the work of a review: always a person, never an API key. */
export interface Reviewer {
  readonly projectId: number;
  readonly member: ViewerMember;
}

/** As much of a reviewer as a claim needs. */
export interface Claimant {
  readonly projectId: number;
  readonly member: Pick<ViewerMember, 'id'>;
}

export function reviewerOf(viewer: Viewer): Reviewer {
  if (!viewer.member) throw new Refusal('FORBIDDEN', 'Only a member can hold and submit reviews; this is an API key.');
  return { projectId: viewer.projectId, member: viewer.member };
}
