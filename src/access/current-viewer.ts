import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';

import { unauthenticated } from './authorize.js';
import type { Viewer } from './viewer.js';

/** The caller; UNAUTHENTICATED when there is none. */
export const CurrentViewer = createParamDecorator((_: unknown, execution: ExecutionContext): Viewer => {
  const viewer =
    execution.getType<'http' | 'graphql'>() === 'graphql'
      ? GqlExecutionContext.create(execution).getContext<{ viewer: Viewer | null }>().viewer
      : execution.switchToHttp().getRequest<{ viewer?: Viewer | null }>().viewer;
  if (!viewer) throw unauthenticated();
  return viewer;
});
