import type { Statement } from '../database/database.js';

/**
 * The words of items, written behind by a reader of the log and found by one GIN index, whose lexemes carry the project.
 * Of each JSON only the beginning is read: what an item costs is bounded, whatever was sent.
 *
 * A page of a list is the newest items that hold the words. The database guesses that any word is in one item of 200, and
 * would walk back through all of them for a rare one. So `itemsWithWords` asks the index first; only what stands in more
 * than 2,000 items is met on the walk. On 300,000 items of 40 words: 0.1 ms for a word in three of them, 5 ms for one in
 * nearly all. Known limit: a word that stands in more than 2,000 items, all of them old, costs the walk to them, there
 * half a second.
 */
const texts = `
  SELECT i.id AS "itemId",
         array_remove(ARRAY[i.id::text, i.external_id, i.source, i.group_key, i.trace_id, i.model_name, i.model_version,
                            i.prompt_name, i.prompt_version], NULL) || i.tags AS names,
         left(e.input::text, $3) AS input, left(e.output::text, $3) AS output, left(e.context::text, $3) AS context,
         left(e.metadata::text, $3) AS metadata,
         ARRAY(SELECT w.author FROM item_author w WHERE w.project_id = $1 AND w.item_id = i.id
               UNION ALL SELECT r.comment FROM review r WHERE r.project_id = $1 AND r.item_id = i.id AND r.comment <> ''
               UNION ALL SELECT n.note FROM escalation n WHERE n.project_id = $1 AND n.item_id = i.id
               UNION ALL SELECT o.comment FROM resolution o
                          WHERE o.project_id = $1 AND o.item_id = i.id AND o.comment <> '') AS comments,
         ARRAY(SELECT left(r.corrected_output::text, $3) FROM review r
                WHERE r.project_id = $1 AND r.item_id = i.id AND r.corrected_output IS NOT NULL
               UNION ALL SELECT left(o.output::text, $3) FROM resolution o
                WHERE o.project_id = $1 AND o.item_id = i.id AND o.by = 'ADJUDICATION' AND o.output IS NOT NULL) AS corrections
    FROM item i JOIN evidence e ON e.project_id = $1 AND e.item_id = i.id
   WHERE i.project_id = $1 AND i.id = ANY ($2::uuid[])`;

/** $1 project, $2 items, $3 most characters of each JSON. */
export const textsOfItems: Statement = { name: 'item-texts', text: texts };

/** $1 project, $2 a tsquery, $3 how many. Not named: the plan depends on how frequent the words are. */
export const itemsWithWords: Statement = `
  SELECT t.item_id AS id FROM item_text t WHERE t.project_id = $1 AND t.words @@ $2::tsquery LIMIT $3`;

/** The same, for writing: whoever erases evidence waits for us, and then finds what we wrote. */
export const textsToIndex: Statement = { name: 'item-texts-to-index', text: `${texts} ORDER BY i.id FOR SHARE OF e` };

/** $1 project, $2 items, $3 their words as tsvectors. */
export const putWords: Statement = {
  name: 'item-text-put',
  text: `
    INSERT INTO item_text AS t (project_id, item_id, words)
    SELECT $1, n.item_id, n.words::tsvector FROM unnest($2::uuid[], $3::text[]) AS n(item_id, words)
    ON CONFLICT ON CONSTRAINT item_text_pkey DO UPDATE SET words = excluded.words WHERE t.words <> excluded.words`,
};

/** Those of the items $2 of which a review says something in words. */
export const commentedItems: Statement = {
  name: 'item-text-commented',
  text: `
    SELECT DISTINCT r.item_id AS id FROM review r
     WHERE r.project_id = $1 AND r.item_id = ANY ($2::uuid[]) AND (r.comment <> '' OR r.corrected_output IS NOT NULL)`,
};

/** $1 project, $2 before this id, $3 how many. */
export const itemsBefore: Statement = {
  name: 'item-text-items-before',
  text: `SELECT i.id FROM item i WHERE i.project_id = $1 AND i.id < $2 ORDER BY i.project_id DESC, i.id DESC LIMIT $3`,
};
