import fc from 'fast-check';

import { ResizeService } from '../../src/review/resize.service.js';
import type { Held } from './reviewing.js';
import { expectSame } from './review-invariants.js';
import type { ModelItem, ModelLease, Real, ReviewModel } from './review-model.js';

/** One step: what the service does is what the model says, and afterwards both hold the same. */
export class Step implements fc.AsyncCommand<ReviewModel, Real> {
  constructor(
    private readonly name: string,
    private readonly go: (model: ReviewModel, real: Real) => Promise<void>,
    private readonly can: (model: ReviewModel) => boolean = () => true,
  ) {}

  check = (model: Readonly<ReviewModel>): boolean => this.can(model as ReviewModel);

  async run(model: ReviewModel, real: Real): Promise<void> {
    await this.go(model, real);
    // The service's own chore does it about once a second; here it is done when the step is.
    if (model.noted.size > 0) await real.service.app.get(ResizeService).runOnce();
    model.sweep();
    await expectSame(model, real);
  }

  toString = (): string => this.name;
}

export const number = fc.nat({ max: 1_000 });
export const verdict = fc.constantFrom('CONFIRMED', 'REJECTED');
export const at = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
export const live = (model: ReviewModel): ModelLease[] => model.leases.filter((lease) => lease.isLive);
export const dead = (model: ReviewModel): ModelLease[] => model.leases.filter((lease) => !lease.isLive);
export const waiting = (model: ReviewModel): ModelItem[] =>
  model.items.filter((item) => item.status === 'OPEN' || item.status === 'NEEDS_ADJUDICATION');
export const disputed = (model: ReviewModel): ModelItem[] =>
  model.items.filter((item) => item.status === 'NEEDS_ADJUDICATION');

export function onLive(name: string, does: (lease: ModelLease, model: ReviewModel, real: Real) => Promise<void>) {
  return number.map(
    (n) =>
      new Step(
        `${name}(${n})`,
        (model, real) => does(at(live(model), n), model, real),
        (model) => live(model).length > 0,
      ),
  );
}

/** What a manager does; null where the service refuses. */
export async function assignTo(real: Real, item: ModelItem, member: number): Promise<Held | null> {
  const { service, actors, key } = real;
  const answer = await service.ask(
    key,
    `mutation ($input: AssignItemInput!) { assignItem(input: $input) { item { id } } }`,
    { input: { itemId: item.id, memberId: actors[member]!.id } },
  );
  if (answer.errors) return null;
  const { assignments } = await service.do<{ assignments: Held[] }>(
    actors[member]!.token,
    `{ assignments { id status leaseToken leaseExpiresAt item { id } } }`,
  );
  return assignments.find((held) => held.item.id === item.id)!;
}
