import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Everything that one output passes through: flag, item, evidence, ticket, assignment, review, resolution.
 *
 * Rows that many transactions would have to lock at once (project, queue, lane, member) are not referenced by foreign
 * keys from the hot tables: every flag would write to the one queue row. They are never deleted, so nothing can dangle.
 */
export class Item1795300000003 implements MigrationInterface {
  name = 'Item1795300000003';

  async up(db: QueryRunner): Promise<void> {
    // What the policy saw of every flagged output and what it decided, kept for PASS too: it makes a repeated flag
    // idempotent and lets a policy be tried on past traffic. Holds no payload.
    await db.query(`
      CREATE TABLE flag (
        project_id integer NOT NULL,
        external_id text NOT NULL,
        content_hash bytea NOT NULL,
        decision text NOT NULL,
        item_id uuid,
        policy_version integer,
        rule text,
        flagged_by text NOT NULL,
        seen json NOT NULL,
        flagged_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT flag_pkey PRIMARY KEY (project_id, external_id),
        CONSTRAINT flag_decision_known CHECK (decision IN ('REVIEW', 'PASS')),
        CONSTRAINT flag_review_has_item CHECK ((decision = 'REVIEW') = (item_id IS NOT NULL)),
        CONSTRAINT flag_rule_has_version CHECK ((rule IS NULL) = (policy_version IS NULL)),
        CONSTRAINT flag_pass_has_rule CHECK (decision = 'REVIEW' OR rule IS NOT NULL)
      )`);
    // Rows arrive in time order, so a BRIN index finds a period at almost no cost to the write.
    await db.query(`CREATE INDEX flag_flagged_at ON flag USING brin (flagged_at)`);
    // What PASS retention removes.
    await db.query(`CREATE INDEX flag_passed ON flag (project_id, flagged_at) WHERE decision = 'PASS'`);
    await db.query(`
      CREATE TABLE item (
        project_id integer NOT NULL,
        id uuid NOT NULL,
        external_id text NOT NULL,
        queue_id uuid NOT NULL,
        source text NOT NULL,
        model_name text,
        model_version text,
        prompt_name text,
        prompt_version text,
        confidence double precision,
        risk text,
        reasons text[] NOT NULL DEFAULT '{}',
        signals json NOT NULL DEFAULT '[]',
        tags text[] NOT NULL DEFAULT '{}',
        group_key text,
        trace_id text,
        priority smallint NOT NULL DEFAULT 0,
        due_at timestamptz,
        rank bigint NOT NULL,
        status text NOT NULL DEFAULT 'OPEN',
        reviews_required smallint NOT NULL,
        reviews_done smallint NOT NULL DEFAULT 0,
        policy_version integer,
        rule text,
        created_at timestamptz NOT NULL DEFAULT now(),
        resolved_at timestamptz,
        CONSTRAINT item_pkey PRIMARY KEY (project_id, id),
        CONSTRAINT item_status_known CHECK (status IN ('OPEN', 'NEEDS_ADJUDICATION', 'RESOLVED', 'WITHDRAWN')),
        CONSTRAINT item_risk_known CHECK (risk IN ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
        CONSTRAINT item_confidence_range CHECK (confidence BETWEEN 0 AND 1),
        CONSTRAINT item_priority_range CHECK (priority BETWEEN 0 AND 9),
        CONSTRAINT item_reviews_never_over CHECK (reviews_done BETWEEN 0 AND reviews_required),
        CONSTRAINT item_resolved_at CHECK ((status = 'RESOLVED') = (resolved_at IS NOT NULL)),
        CONSTRAINT item_model_whole CHECK ((model_name IS NULL) = (model_version IS NULL)),
        CONSTRAINT item_prompt_whole CHECK ((prompt_name IS NULL) = (prompt_version IS NULL))
      ) WITH (fillfactor = 90)`);
    await db.query(`CREATE INDEX item_waiting ON item (project_id, queue_id, created_at, id)
        WHERE status IN ('OPEN', 'NEEDS_ADJUDICATION')`);
    await db.query(`CREATE INDEX item_due ON item (project_id, queue_id, due_at)
        WHERE status IN ('OPEN', 'NEEDS_ADJUDICATION') AND due_at IS NOT NULL`);
    // The payload, beside the item and never in it: lists and claims do not touch it. json keeps the text as sent.
    await db.query(`
      CREATE TABLE evidence (
        project_id integer NOT NULL,
        item_id uuid NOT NULL,
        input json NOT NULL,
        output json NOT NULL,
        context json NOT NULL DEFAULT '[]',
        metadata json,
        CONSTRAINT evidence_pkey PRIMARY KEY (project_id, item_id),
        CONSTRAINT evidence_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id)
      )`);
    // One review slot that anybody eligible may claim; the row exists exactly while that is so.
    // Its only index is its key: a claim reads the first entry of a lane.
    await db.query(`
      CREATE TABLE ticket (
        project_id integer NOT NULL,
        lane_id integer NOT NULL,
        rank bigint NOT NULL,
        item_id uuid NOT NULL,
        slot smallint NOT NULL,
        CONSTRAINT ticket_pkey PRIMARY KEY (project_id, lane_id, rank, item_id, slot),
        CONSTRAINT ticket_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id)
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0)`);
    // A live lease. Two on one slot, or one person on two slots of an item, cannot be.
    await db.query(`
      CREATE TABLE assignment (
        project_id integer NOT NULL,
        id uuid NOT NULL,
        item_id uuid NOT NULL,
        slot smallint NOT NULL,
        member_id uuid NOT NULL,
        queue_id uuid NOT NULL,
        lane_id integer NOT NULL,
        rank bigint NOT NULL,
        rubric_version integer NOT NULL,
        lease_token uuid NOT NULL,
        lease_seconds integer NOT NULL,
        lease_expires_at timestamptz NOT NULL,
        claimed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT assignment_pkey PRIMARY KEY (project_id, id),
        CONSTRAINT assignment_slot_unique UNIQUE (project_id, item_id, slot),
        CONSTRAINT assignment_member_unique UNIQUE (project_id, member_id, item_id),
        CONSTRAINT assignment_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id)
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0)`);
    await db.query(`CREATE INDEX assignment_lease_expires_at ON assignment (project_id, lease_expires_at)`);
    // What a person wrote and has not submitted; it outlives the lease and waits for the same person.
    await db.query(`
      CREATE TABLE draft (
        project_id integer NOT NULL,
        item_id uuid NOT NULL,
        member_id uuid NOT NULL,
        verdict text,
        corrected_output json,
        labels json,
        comment text,
        saved_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT draft_pkey PRIMARY KEY (project_id, item_id, member_id),
        CONSTRAINT draft_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT draft_verdict_known CHECK (verdict IN ('CONFIRMED', 'CORRECTED', 'REJECTED'))
      )`);
    // A lease that ended without a review, kept for a while: it says where work that comes too late belongs.
    await db.query(`
      CREATE TABLE lapse (
        project_id integer NOT NULL,
        assignment_id uuid NOT NULL,
        item_id uuid NOT NULL,
        member_id uuid NOT NULL,
        lease_token uuid NOT NULL,
        ended_as text NOT NULL,
        ended_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT lapse_pkey PRIMARY KEY (project_id, assignment_id),
        CONSTRAINT lapse_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT lapse_ended_as_known CHECK (ended_as IN ('RELEASED', 'SKIPPED', 'EXPIRED'))
      )`);
    await db.query(`CREATE INDEX lapse_ended_at ON lapse (project_id, ended_at)`);
    // An item that a member will not be offered again.
    await db.query(`
      CREATE TABLE skip (
        project_id integer NOT NULL,
        member_id uuid NOT NULL,
        item_id uuid NOT NULL,
        reason text,
        skipped_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT skip_pkey PRIMARY KEY (project_id, member_id, item_id),
        CONSTRAINT skip_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id)
      )`);
    // Never changed: a revision is a new row with the next number. Revision 0 of a slot can exist once, whatever races.
    await db.query(`
      CREATE TABLE review (
        project_id integer NOT NULL,
        id uuid NOT NULL,
        item_id uuid NOT NULL,
        queue_id uuid NOT NULL,
        slot smallint NOT NULL,
        revision smallint NOT NULL DEFAULT 0,
        member_id uuid NOT NULL,
        assignment_id uuid NOT NULL,
        lease_token uuid NOT NULL,
        rubric_version integer NOT NULL,
        verdict text NOT NULL,
        corrected_output json,
        labels json NOT NULL DEFAULT '{}',
        comment text,
        content_hash bytea NOT NULL,
        duration_ms integer NOT NULL,
        supersedes uuid,
        submitted_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT review_pkey PRIMARY KEY (project_id, id),
        CONSTRAINT review_slot_once UNIQUE (project_id, item_id, slot, revision),
        CONSTRAINT review_member_once UNIQUE (project_id, member_id, item_id, revision),
        CONSTRAINT review_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT review_verdict_known CHECK (verdict IN ('CONFIRMED', 'CORRECTED', 'REJECTED')),
        CONSTRAINT review_correction CHECK (verdict <> 'CORRECTED' OR corrected_output IS NOT NULL),
        CONSTRAINT review_confirmed_has_no_correction CHECK (verdict <> 'CONFIRMED' OR corrected_output IS NULL),
        CONSTRAINT review_supersedes CHECK ((revision = 0) = (supersedes IS NULL)),
        CONSTRAINT review_duration_range CHECK (duration_ms >= 0)
      )`);
    // Not project first, so that no plan made on an empty table takes it for the index of a whole project.
    await db.query(`CREATE INDEX review_assignment ON review (assignment_id)`);
    // The item's final answer. A later revision replaces it; the log keeps each.
    await db.query(`
      CREATE TABLE resolution (
        project_id integer NOT NULL,
        item_id uuid NOT NULL,
        revision smallint NOT NULL DEFAULT 0,
        verdict text NOT NULL,
        output json,
        labels json NOT NULL DEFAULT '{}',
        by text NOT NULL,
        decided_by uuid,
        agreement_metric text,
        agreement_value double precision,
        comment text,
        resolved_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT resolution_pkey PRIMARY KEY (project_id, item_id),
        CONSTRAINT resolution_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT resolution_verdict_known CHECK (verdict IN ('CONFIRMED', 'CORRECTED', 'REJECTED')),
        CONSTRAINT resolution_by_known CHECK (by IN ('CONSENSUS', 'ADJUDICATION', 'DEADLINE')),
        CONSTRAINT resolution_adjudicator CHECK ((by = 'ADJUDICATION') = (decided_by IS NOT NULL)),
        CONSTRAINT resolution_correction CHECK (verdict <> 'CORRECTED' OR output IS NOT NULL),
        CONSTRAINT resolution_confirmed_is_original CHECK (verdict <> 'CONFIRMED' OR output IS NULL),
        CONSTRAINT resolution_agreement_whole CHECK ((agreement_metric IS NULL) = (agreement_value IS NULL))
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of [
      'resolution',
      'review',
      'skip',
      'lapse',
      'draft',
      'assignment',
      'ticket',
      'evidence',
      'item',
      'flag',
    ]) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
