import { Args, Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import type { Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import type { RequestContext } from '../graphql/context.js';
import { ItemQueries } from '../item/item.queries.js';
import { CaseDuplicates } from './duplicate.type.js';
import { EvalCase } from './eval-case.type.js';

const MOST_A_PAGE = 100;

/** What waits behind a case, by its id: as many look-ups as the project has datasets. */
const behindCase = `
  SELECT h.item_id AS "itemId", (count(*) OVER ())::int AS count
  FROM dataset d
  JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = d.id AND c.id = $2 AND NOT c.is_retracted
  JOIN eval_hold h ON h.project_id = $1 AND h.dataset_id = d.id AND h.kind = 'DUPLICATE'
    AND h.input_hash = c.input_hash AND h.base_hash = c.base_hash
  WHERE d.project_id = $1
  ORDER BY h.item_id LIMIT $3`;

@Resolver(() => EvalCase)
export class DuplicateResolver {
  constructor(
    private readonly database: Database,
    private readonly items: ItemQueries,
  ) {}

  @ResolveField(() => CaseDuplicates, {
    description:
      'What was answered in the same way to the same input, and so is no case of its own. `first` is 1 to 100.',
  })
  @AllowInherited()
  async duplicates(
    @Parent() { id }: EvalCase,
    @CurrentViewer() { projectId }: Viewer,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Context() context: RequestContext,
  ): Promise<CaseDuplicates> {
    if (first < 1 || first > MOST_A_PAGE) {
      throw new Refusal('INVALID_INPUT', `first must be 1 to ${MOST_A_PAGE}; it is ${first}.`);
    }
    const rows = await this.database.query<{ itemId: string; count: number }>(behindCase, [projectId, id, first]);
    const items = await Promise.all(rows.map(({ itemId }) => this.items.load(context, projectId, itemId)));
    return { count: rows[0]?.count ?? 0, items: items.flatMap((item) => item ?? []) };
  }
}
