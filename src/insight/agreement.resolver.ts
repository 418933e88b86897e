import { Args, Query, Resolver } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { AgreementReport } from './agreement.report.js';
import { AgreementService } from './agreement.service.js';
import { AgreementArgs } from './insight.input.js';

@Resolver()
export class AgreementResolver {
  constructor(private readonly service: AgreementService) {}

  @Query(() => AgreementReport, {
    description:
      'How far the reviewers of a queue agree, on the verdict or on a field of the rubric, over the items with at least ' +
      'two reviews of which one after the first came in during the period. At most 20,000 items, the latest. NOT_FOUND ' +
      'without such a queue or version; INVALID_INPUT for a field that does not exist or cannot be compared.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER] })
  agreement(@CurrentViewer() viewer: Viewer, @Args() args: AgreementArgs): Promise<AgreementReport> {
    return this.service.report(viewer.projectId, args);
  }
}
