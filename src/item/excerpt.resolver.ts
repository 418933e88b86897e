import { Context, Field, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { Role, type Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { type Excerpt, excerptOf } from './excerpt.js';
import { ReviewItemEdge } from './item.connection.js';
import type { ItemTexts } from './item-text.lexemes.js';
import { MOST_CHARACTERS } from './item-text.reader.js';
import { textsOfItems } from './item-text.sql.js';
import { parseSearch } from './search.js';
import { TextPart } from './text-part.js';

@ObjectType({ description: 'Where a text stands that was looked for, as written; all three are plain text.' })
@AllowInherited()
export class TextExcerpt implements Excerpt {
  @Field(() => TextPart)
  part: TextPart;

  @Field(() => String, { description: 'Up to 60 characters; begins with … where there are more.' })
  before: string;

  @Field(() => String)
  match: string;

  @Field(() => String, { description: 'Up to 100 characters; ends with … where there are more.' })
  after: string;
}

/** What shows why an item is in the answer of a search; read and found only when it is asked for. */
@Resolver(() => ReviewItemEdge)
export class ExcerptResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => TextExcerpt, {
    nullable: true,
    description: "The first place of the filter's `text`. Null without one, or when the item changed at this moment.",
  })
  @AllowInherited()
  async excerpt(
    @Parent() { node, text }: ReviewItemEdge,
    @CurrentViewer() viewer: Viewer,
    @Context() context: RequestContext,
  ): Promise<TextExcerpt | null> {
    if (text === null) return null;
    const loader = loaderOf(context, `excerpt:${text}`, () => {
      const search = parseSearch(text);
      const isReviewer = viewer.member?.role === Role.REVIEWER;
      const load = async (ids: readonly string[]) => {
        const params = [viewer.projectId, ids, MOST_CHARACTERS];
        const rows = await this.database.query<ItemTexts & object>(textsOfItems, params);
        const found = new Map(rows.map((texts) => [texts.itemId, excerptOf(texts, search, isReviewer)]));
        return ids.map((id) => found.get(id) ?? null);
      };
      return new DataLoader<string, Excerpt | null>(load, { maxBatchSize: 25, cache: false });
    });
    return loader.load(node.id);
  }
}
