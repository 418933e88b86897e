import { Injectable } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import { append } from '../log/append.js';
import type { LogEvent } from '../log/event.js';
import type { FollowerWork, LogFollower } from '../log/follower.js';
import { LogFollowers } from '../log/followers.js';
import { LogHint } from '../log/hint.js';
import { type ItemTexts, toVector } from './item-text.lexemes.js';
import { commentedItems, itemsBefore, putWords, textsToIndex } from './item-text.sql.js';

/** Characters of each JSON that are looked at. */
export const MOST_CHARACTERS = 50_000;
/** Items whose texts are in memory at once. */
const ITEMS_AT_ONCE = 25;
/** Items of the past that one event takes in. */
const PAST_AT_ONCE = 200;

const ALWAYS = new Set(['ITEM_FLAGGED', 'GOLD_CLAIMED', 'ITEM_ESCALATED']);
const REVIEWED = new Set(['REVIEW_SUBMITTED', 'REVIEW_REVISED']);

/**
 * Keeps the words by which items are searched: reads the log, so that taking an output in costs nothing more, and is
 * behind by well under a second, or longer while more comes in than it takes (its rest leaves the machine to others).
 *
 * It writes what an item says now, so it may be told of one any number of times. Copies of known answers have words too:
 * to their reviewer they are items like others. Items from before there were words come by ITEMS_INDEXING, a page for
 * each event, newest first; the page appends the event for the next one.
 */
@Injectable()
export class ItemTextReader implements FollowerWork {
  readonly name = 'item-text';
  readonly kinds = [...ALWAYS, ...REVIEWED, 'ITEM_RESOLVED', 'ITEMS_INDEXING'];
  readonly rest = 3;
  readonly follower: LogFollower;

  constructor(
    private readonly logHint: LogHint,
    followers: LogFollowers,
  ) {
    this.follower = followers.register(this);
  }

  async handle(tx: Queryable, projectId: number, events: readonly LogEvent[]): Promise<void> {
    const idsOf = (is: (event: LogEvent) => boolean) => events.filter(is).flatMap(({ itemId }) => itemId ?? []);
    const reviewed = idsOf(({ kind }) => REVIEWED.has(kind));
    const commented =
      reviewed.length > 0 ? await tx.query<{ id: string }>(commentedItems, [projectId, [...new Set(reviewed)]]) : [];
    // The others are resolved by reviews, which were read when they came.
    const adjudicated = idsOf(({ kind, data }) => kind === 'ITEM_RESOLVED' && data.by === 'ADJUDICATION');
    const itemIds = [...idsOf(({ kind }) => ALWAYS.has(kind)), ...commented.map(({ id }) => id), ...adjudicated];
    await index(tx, projectId, itemIds);
    for (const { kind, data } of events) {
      if (kind === 'ITEMS_INDEXING') await this.indexPast(tx, projectId, String(data.before));
    }
  }

  private async indexPast(tx: Queryable, projectId: number, before: string): Promise<void> {
    const rows = await tx.query<{ id: string }>(itemsBefore, [projectId, before, PAST_AT_ONCE]);
    const itemIds = rows.map(({ id }) => id);
    await index(tx, projectId, itemIds);
    const last = itemIds.at(-1);
    if (last === undefined || itemIds.length < PAST_AT_ONCE) return;
    await append(tx, [{ projectId, kind: 'ITEMS_INDEXING', actor: 'system', data: { before: last } }]);
    // Before the commit, so it may come too early; the sequencer's own poll finds the event then.
    this.logHint.wake(projectId);
  }
}

async function index(tx: Queryable, projectId: number, itemIds: readonly string[]): Promise<void> {
  const ids = [...new Set(itemIds)].sort();
  for (let i = 0; i < ids.length; i += ITEMS_AT_ONCE) {
    const some = ids.slice(i, i + ITEMS_AT_ONCE);
    const texts = await tx.query<ItemTexts & object>(textsToIndex, [projectId, some, MOST_CHARACTERS]);
    const words = texts.map((one) => toVector(projectId, one));
    await tx.query(putWords, [projectId, texts.map(({ itemId }) => itemId), words]);
  }
}
