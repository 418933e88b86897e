import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The words of items, for searching. They follow the log: from here on what happens, and by one event for each project
 * all items that were there before.
 *
 * Where the evidence goes, its words go with it, whoever deletes or changes it: no copy of a text may outlive it.
 */
export class ItemText1795300000025 implements MigrationInterface {
  name = 'ItemText1795300000025';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE item_text (
        project_id integer NOT NULL,
        item_id uuid NOT NULL,
        words tsvector NOT NULL,
        CONSTRAINT item_text_pkey PRIMARY KEY (project_id, item_id),
        CONSTRAINT item_text_evidence FOREIGN KEY (project_id, item_id) REFERENCES evidence (project_id, item_id)
          ON DELETE CASCADE
      )`);
    await db.query(`CREATE INDEX item_text_words ON item_text USING gin (words)`);
    await db.query(`
      CREATE FUNCTION evidence_changed() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        DELETE FROM item_text t WHERE t.project_id = old.project_id AND t.item_id = old.item_id;
        RETURN NULL;
      END $$`);
    await db.query(`
      CREATE TRIGGER evidence_changed AFTER UPDATE ON evidence FOR EACH ROW EXECUTE FUNCTION evidence_changed()`);
    await db.query(
      `INSERT INTO log_reader (project_id, name, seq) SELECT h.project_id, 'item-text', h.seq FROM log_head h`,
    );
    await db.query(`
      INSERT INTO outbox (project_id, kind, actor, data)
      SELECT p.id, 'ITEMS_INDEXING', 'system', json_build_object('before', 'ffffffff-ffff-ffff-ffff-ffffffffffff')
        FROM project p WHERE EXISTS (SELECT FROM item i WHERE i.project_id = p.id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DELETE FROM log_parked WHERE name = 'item-text'`);
    await db.query(`DELETE FROM log_reader WHERE name = 'item-text'`);
    await db.query(`DROP TRIGGER evidence_changed ON evidence`);
    await db.query(`DROP FUNCTION evidence_changed`);
    await db.query(`DROP TABLE item_text`);
  }
}
