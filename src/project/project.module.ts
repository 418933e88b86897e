import { Module } from '@nestjs/common';

import { OpeningResolver } from './opening.resolver.js';
import { PeopleResolver } from './people.resolver.js';
import { PolicyResolver } from './policy.resolver.js';
import { PolicySection } from './policy.section.js';
import { PolicyService } from './policy.service.js';
import { QueueQueries } from './queue.queries.js';
import { QueueResolver } from './queue.resolver.js';
import { QueueSection } from './queue.section.js';
import { QueueSubscription } from './queue.subscription.js';
import { SetupResolver } from './setup.resolver.js';
import { SetupSections } from './setup.sections.js';
import { SetupService } from './setup.service.js';

/** What a manager sets up: queues, rubrics, the policy; and set-up documents, to which later folders add sections. */
@Module({
  providers: [
    SetupSections,
    SetupService,
    SetupResolver,
    QueueSection,
    QueueQueries,
    QueueResolver,
    QueueSubscription,
    OpeningResolver,
    PeopleResolver,
    PolicySection,
    PolicyService,
    PolicyResolver,
  ],
  exports: [SetupSections, SetupService, PolicyService, QueueQueries],
})
export class ProjectModule {}
