import { Module } from '@nestjs/common';

import { ItemModule } from '../item/item.module.js';
import { ProjectModule } from '../project/project.module.js';
import { CaseHistoryQueries } from './case-history.queries.js';
import { CaseHistoryResolver } from './case-history.resolver.js';
import { CurationResolver } from './curation.resolver.js';
import { CurationService } from './curation.service.js';
import { DatasetWaitingResolver } from './dataset-waiting.resolver.js';
import { DatasetQueries } from './dataset.queries.js';
import { DatasetResolver } from './dataset.resolver.js';
import { DatasetSection } from './dataset.section.js';
import { DuplicateResolver } from './duplicate.resolver.js';
import { EvalCaseQueries } from './eval-case.queries.js';
import { EvalCaseResolver } from './eval-case.resolver.js';
import { EvalRunQueries } from './eval-run.queries.js';
import { EvalFailureResolver, EvalResultResolver, EvalRunResolver } from './eval-run.resolver.js';
import { EvalRunService } from './eval-run.service.js';
import { ExportController } from './export.controller.js';
import { ExportQueries } from './export.queries.js';
import { Exporter } from './export.service.js';
import { HeldCaseQueries } from './held-case.queries.js';
import { HeldCaseResolver } from './held-case.resolver.js';
import { NearQueries } from './near.queries.js';
import { NearResolver, NearOfCaseResolver } from './near.resolver.js';
import { OlderCases } from './near.older.js';
import { NearService } from './near.service.js';
import { PromotionReader } from './promote.reader.js';
import { Promoter } from './promote.service.js';
import { QuarantineResolver } from './quarantine.resolver.js';
import { QuarantineService } from './quarantine.service.js';
import { SnapshotDiffQueries } from './snapshot-diff.queries.js';
import { SnapshotDiffResolver } from './snapshot-diff.resolver.js';
import { SnapshotService } from './snapshot.service.js';

/** What eval suites read: datasets, their cases, snapshots, and their export in the suites' own formats. */
@Module({
  imports: [ItemModule, ProjectModule],
  controllers: [ExportController],
  providers: [
    CaseHistoryQueries,
    CaseHistoryResolver,
    CurationResolver,
    CurationService,
    DatasetSection,
    DatasetQueries,
    DatasetResolver,
    DatasetWaitingResolver,
    DuplicateResolver,
    EvalCaseQueries,
    EvalCaseResolver,
    EvalFailureResolver,
    EvalResultResolver,
    EvalRunQueries,
    EvalRunResolver,
    EvalRunService,
    ExportQueries,
    Exporter,
    HeldCaseQueries,
    HeldCaseResolver,
    NearOfCaseResolver,
    NearQueries,
    NearResolver,
    NearService,
    Promoter,
    OlderCases,
    PromotionReader,
    QuarantineResolver,
    QuarantineService,
    SnapshotDiffQueries,
    SnapshotDiffResolver,
    SnapshotService,
  ],
})
export class DatasetModule {}
