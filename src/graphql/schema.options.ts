import type { BuildSchemaOptions } from '@nestjs/graphql';

import { DateTimeScalar } from './date-time.scalar.js';

/** How classes become the schema; the running service and the printed schema must agree. */
export const schemaOptions: BuildSchemaOptions = {
  // For the folders below, which declare instants as Date and cannot know our scalars.
  scalarsMap: [{ type: Date, scalar: DateTimeScalar }],
};
