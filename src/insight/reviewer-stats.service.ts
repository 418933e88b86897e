import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';

import { Member } from '../access/member.entity.js';
import { Role, type Viewer } from '../access/viewer.js';
import { percentile } from './histogram.js';
import type { QueuePeriodArgs } from './insight.input.js';
import { Scopes } from './insight.scope.js';
import { wholeDays } from './period.js';
import type { AgreementShare, ReviewerStats } from './reviewer-stats.js';
import { groupSums, type Sums } from './sums.js';
import { REVIEWER_MEASURES } from './tally.js';
import { TallyQueries } from './tally.queries.js';

/** Longest list of reviewers; those with the most reviews come first. */
const MOST_REVIEWERS = 1_000;

/** What reviewers did in a queue, or in all. A member who is a reviewer sees only themselves. */
@Injectable()
export class ReviewerStatsService {
  constructor(
    private readonly scopes: Scopes,
    private readonly tallies: TallyQueries,
    private readonly dataSource: DataSource,
  ) {}

  async of({ projectId, member }: Viewer, args: QueuePeriodArgs): Promise<ReviewerStats[]> {
    const scope = await this.scopes.ofSome(projectId, args);
    const onlyOf = member?.role === Role.REVIEWER ? member.id : null;
    const rows = await this.tallies.bySubject({ ...scope, ...wholeDays(scope) }, REVIEWER_MEASURES, onlyOf);
    const busiest = [...groupSums(rows, (row) => row.subject)]
      .map(([id, sums]) => ({ id, sums, reviews: sums.count('REVIEW_MS') }))
      .sort((a, b) => b.reviews - a.reviews || (a.id < b.id ? -1 : 1))
      .slice(0, MOST_REVIEWERS);
    const found = await this.dataSource
      .getRepository(Member)
      .findBy({ projectId, id: In(busiest.map(({ id }) => id)) });
    const members = new Map(found.map((one) => [one.id, one]));
    return busiest.flatMap(({ id, sums }) => {
      const reviewer = members.get(id);
      return reviewer ? toStats(reviewer, sums) : [];
    });
  }
}

function toStats(member: Member, sums: Sums): ReviewerStats {
  const durations = sums.histogram('REVIEW_MS');
  return {
    member,
    reviews: sums.count('REVIEW_MS'),
    medianMs: percentile(durations, 0.5),
    p90Ms: percentile(durations, 0.9),
    peerAgreement: shareOf(sums.count('PEER_SAME'), sums.count('PEER_OTHER')),
    resolutionAgreement: shareOf(sums.count('RESOLUTION_SAME'), sums.count('RESOLUTION_OTHER')),
    skipped: sums.count('SKIPPED'),
    expired: sums.count('EXPIRED'),
    released: sums.count('RELEASED'),
  };
}

function shareOf(same: number, other: number): AgreementShare {
  const compared = same + other;
  return { value: compared === 0 ? null : same / compared, compared };
}
