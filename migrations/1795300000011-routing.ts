import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may be offered what, and what keeps a claim as cheap at the end of a long day as at its start. */
export class Routing1795300000011 implements MigrationInterface {
  name = 'Routing1795300000011';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE member ADD COLUMN capacity smallint NOT NULL DEFAULT 10
        CONSTRAINT member_capacity_range CHECK (capacity BETWEEN 1 AND 100)`);
    await db.query(`
      ALTER TABLE queue
        ADD COLUMN separate_groups boolean NOT NULL DEFAULT false,
        ADD COLUMN relax_skills_after_seconds integer,
        ADD COLUMN on_deadline text NOT NULL DEFAULT 'STAY_OPEN',
        ADD CONSTRAINT queue_relax_skills_range CHECK (relax_skills_after_seconds BETWEEN 1 AND 31536000),
        ADD CONSTRAINT queue_on_deadline_known CHECK (on_deadline IN ('CONFIRM', 'REJECT', 'STAY_OPEN'))`);
    // Who works a queue; one without rows is open to all who have its skills.
    await db.query(`
      CREATE TABLE queue_member (
        project_id integer NOT NULL,
        queue_id uuid NOT NULL,
        member_id uuid NOT NULL,
        CONSTRAINT queue_member_pkey PRIMARY KEY (project_id, queue_id, member_id),
        CONSTRAINT queue_member_queue FOREIGN KEY (project_id, queue_id) REFERENCES queue (project_id, id),
        CONSTRAINT queue_member_member FOREIGN KEY (project_id, member_id) REFERENCES member (project_id, id)
      )`);
    // A member's name or id: whoever wrote an output, or is its subject, does not review it. Text as the app sent it,
    // so that it holds for members who are made later.
    await db.query(`
      CREATE TABLE item_author (
        project_id integer NOT NULL,
        item_id uuid NOT NULL,
        author text NOT NULL,
        CONSTRAINT item_author_pkey PRIMARY KEY (project_id, item_id, author),
        CONSTRAINT item_author_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id)
      )`);
    await db.query(`CREATE INDEX item_group ON item (project_id, group_key) WHERE group_key IS NOT NULL`);
    // Below it no ticket of the lane is for the member: all are reviewed or skipped by them. A proposal becomes the
    // rank only after everybody who could not see it has finished; see src/assignment/mark.sql.ts.
    await db.query(`
      CREATE TABLE claim_mark (
        project_id integer NOT NULL,
        lane_id integer NOT NULL,
        member_id uuid NOT NULL,
        rank bigint NOT NULL DEFAULT '-9223372036854775808',
        proposed_rank bigint,
        proposal uuid,
        CONSTRAINT claim_mark_pkey PRIMARY KEY (project_id, lane_id, member_id)
      ) WITH (fillfactor = 50)`);
    // Below it the lane holds no ticket, only what is left of taken ones; see src/assignment/floor.sql.ts.
    await db.query(`
      CREATE TABLE lane_floor (
        project_id integer NOT NULL,
        lane_id integer NOT NULL,
        rank bigint NOT NULL,
        CONSTRAINT lane_floor_pkey PRIMARY KEY (project_id, lane_id)
      ) WITH (fillfactor = 50)`);
    // Whoever inserts a ticket lowers what it fell below, so that no writer has to think of it. A query in a volatile
    // function sees what was committed before it began, not before the statement began: a mark that was proposed while
    // the insert was under way is seen. The shared lock is what the proposer waits for.
    await db.query(`
      CREATE FUNCTION ticket_arrived() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        arrived record;
      BEGIN
        FOR arrived IN SELECT project_id, lane_id, min(rank) AS rank FROM new_ticket
                        GROUP BY project_id, lane_id ORDER BY project_id, lane_id LOOP
          PERFORM pg_advisory_xact_lock_shared(1953063787, arrived.lane_id);
          UPDATE lane_floor f SET rank = arrived.rank
           WHERE f.project_id = arrived.project_id AND f.lane_id = arrived.lane_id AND f.rank > arrived.rank;
          IF EXISTS (SELECT FROM claim_mark m
                      WHERE m.project_id = arrived.project_id AND m.lane_id = arrived.lane_id
                        AND (m.rank > arrived.rank OR m.proposed_rank > arrived.rank)) THEN
            PERFORM FROM claim_mark m
              WHERE m.project_id = arrived.project_id AND m.lane_id = arrived.lane_id
                AND (m.rank > arrived.rank OR m.proposed_rank > arrived.rank)
              ORDER BY m.member_id FOR UPDATE;
            UPDATE claim_mark m
               SET rank = least(m.rank, low.rank),
                   proposed_rank = CASE WHEN m.proposed_rank > low.rank THEN low.rank ELSE m.proposed_rank END
              FROM (SELECT o.member_id, min(t.rank) AS rank
                      FROM claim_mark o JOIN new_ticket t ON t.project_id = o.project_id AND t.lane_id = o.lane_id
                     WHERE o.project_id = arrived.project_id AND o.lane_id = arrived.lane_id
                       AND (o.rank > t.rank OR o.proposed_rank > t.rank)
                       AND NOT EXISTS (SELECT FROM review r WHERE r.project_id = arrived.project_id
                                          AND r.member_id = o.member_id AND r.item_id = t.item_id)
                       AND NOT EXISTS (SELECT FROM skip s WHERE s.project_id = arrived.project_id
                                          AND s.member_id = o.member_id AND s.item_id = t.item_id)
                     GROUP BY o.member_id) low
             WHERE m.project_id = arrived.project_id AND m.lane_id = arrived.lane_id AND m.member_id = low.member_id;
          END IF;
        END LOOP;
        RETURN NULL;
      END $$`);
    await db.query(`CREATE TRIGGER ticket_arrived AFTER INSERT ON ticket REFERENCING NEW TABLE AS new_ticket
        FOR EACH STATEMENT EXECUTE FUNCTION ticket_arrived()`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TRIGGER ticket_arrived ON ticket`);
    await db.query(`DROP FUNCTION ticket_arrived`);
    for (const table of ['lane_floor', 'claim_mark', 'item_author', 'queue_member'])
      await db.query(`DROP TABLE ${table}`);
    await db.query(`DROP INDEX item_group`);
    await db.query(
      `ALTER TABLE queue DROP COLUMN separate_groups, DROP COLUMN relax_skills_after_seconds, DROP COLUMN on_deadline`,
    );
    await db.query(`ALTER TABLE member DROP COLUMN capacity`);
  }
}
