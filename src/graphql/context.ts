import type { Request } from 'express';

import type { Viewer } from '../access/viewer.js';

/** What a resolver knows of its caller. A fresh object for each operation, on every transport. */
export interface RequestContext {
  readonly viewer: Viewer | null;
  readonly requestId: string;
  /** DataLoaders by name, made when first asked for; they live as long as the operation. */
  readonly loaders: Map<string, unknown>;
}

export interface IdentifiedRequest extends Request {
  viewer?: Viewer | null;
  requestId?: string;
}

export function contextOf(request: IdentifiedRequest): RequestContext {
  return { viewer: request.viewer ?? null, requestId: request.requestId ?? '', loaders: new Map() };
}

/** The operation's loader of that name, made by `create` when this is the first that asks. */
export function loaderOf<T>(context: RequestContext, name: string, create: () => T): T {
  const known = context.loaders.get(name) as T | undefined;
  if (known !== undefined) return known;
  const made = create();
  context.loaders.set(name, made);
  return made;
}
