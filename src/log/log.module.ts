import { Global, Module } from '@nestjs/common';

import { LogFolds } from './fold.js';
import { LogFollowers } from './followers.js';
import { LogHint } from './hint.js';
import { LogListener } from './listener.js';
import { LogDatabase } from './log-database.js';
import { LogReader } from './reader.js';
import { LogQueries } from './reader.queries.js';
import { LogRetention } from './retention.js';
import { Sequencer } from './sequencer.js';
import { SequencerLoop } from './sequencer.loop.js';

@Global()
@Module({
  providers: [
    LogDatabase,
    LogHint,
    LogFolds,
    Sequencer,
    SequencerLoop,
    LogListener,
    LogQueries,
    LogReader,
    LogRetention,
    LogFollowers,
  ],
  exports: [LogDatabase, LogHint, LogFolds, LogQueries, LogReader, Sequencer, LogRetention, LogFollowers],
})
export class LogModule {}
