import { braintrust } from './braintrust.js';
import { langfuse } from './langfuse.js';
import { langsmith } from './langsmith.js';
import { mlflow } from './mlflow.js';
import { opik } from './opik.js';
import { phoenix } from './phoenix.js';
import type { PushTarget } from './target.js';

/** Every system that can be pushed to, by name. */
export const targets: ReadonlyMap<string, PushTarget> = new Map(
  [langfuse, langsmith, phoenix, braintrust, opik, mlflow].map((target) => [target.name, target]),
);
