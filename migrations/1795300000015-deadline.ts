import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deadlines that count opening time, what happens step by step after them, and who is there to be given work. */
export class Deadline1795300000015 implements MigrationInterface {
  name = 'Deadline1795300000015';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE queue
        ADD COLUMN hours jsonb,
        ADD COLUMN deadline_steps jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN on_deadline_after_seconds integer NOT NULL DEFAULT 0,
        ADD CONSTRAINT queue_hours_object CHECK (jsonb_typeof(hours) = 'object'),
        ADD CONSTRAINT queue_deadline_steps_list CHECK (jsonb_typeof(deadline_steps) = 'array'),
        ADD CONSTRAINT queue_on_deadline_after_range CHECK (on_deadline_after_seconds BETWEEN 0 AND 31536000)`);
    // How many steps of its queue are behind an item, and the index that finds whose next one has come. Items without a
    // deadline are not in it.
    await db.query(`ALTER TABLE item ADD COLUMN deadline_steps_done smallint NOT NULL DEFAULT 0
        CONSTRAINT item_deadline_steps_range CHECK (deadline_steps_done >= 0)`);
    await db.query(`CREATE INDEX item_deadline_step ON item (project_id, queue_id, deadline_steps_done, due_at)
        WHERE status = 'OPEN' AND due_at IS NOT NULL`);
    // The steps that an item has taken. The key is the guarantee: each once, even if the item comes back to the queue.
    await db.query(`
      CREATE TABLE deadline_step (
        project_id integer NOT NULL,
        item_id uuid NOT NULL,
        queue_id uuid NOT NULL,
        step smallint NOT NULL,
        action text NOT NULL,
        is_effective boolean NOT NULL,
        taken_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT deadline_step_pkey PRIMARY KEY (project_id, item_id, queue_id, step),
        CONSTRAINT deadline_step_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT deadline_step_action_known CHECK (action IN ('RAISE', 'WIDEN', 'HAND_OVER')),
        CONSTRAINT deadline_step_range CHECK (step >= 0)
      )`);
    // A socket whose reviewer takes work as it comes. It ends with the socket, or by time if its process was killed.
    await db.query(`
      CREATE TABLE presence (
        project_id integer NOT NULL,
        id uuid NOT NULL,
        member_id uuid NOT NULL,
        queues text[],
        capacity smallint NOT NULL,
        is_away boolean NOT NULL DEFAULT false,
        since timestamptz NOT NULL DEFAULT now(),
        idle_since timestamptz DEFAULT now(),
        given_at timestamptz,
        expires_at timestamptz NOT NULL,
        CONSTRAINT presence_pkey PRIMARY KEY (project_id, id),
        CONSTRAINT presence_capacity_range CHECK (capacity BETWEEN 1 AND 10)
      ) WITH (fillfactor = 50)`);
    await db.query(`CREATE INDEX presence_member ON presence (project_id, member_id)`);
    // Which process gives out the work of a project at this moment.
    await db.query(`
      CREATE TABLE push_turn (
        project_id integer NOT NULL CONSTRAINT push_turn_pkey PRIMARY KEY,
        holder uuid NOT NULL,
        until timestamptz NOT NULL
      ) WITH (fillfactor = 50)`);
    await makeClock(db);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const name of ['opening_at', 'open_seconds', 'open_before', 'open_after', 'open_shifts', 'wall_instant'])
      await db.query(`DROP FUNCTION ${name}`);
    await db.query(`DROP TABLE push_turn`);
    await db.query(`DROP TABLE presence`);
    await db.query(`DROP TABLE deadline_step`);
    await db.query(`DROP INDEX item_deadline_step`);
    await db.query(`ALTER TABLE item DROP COLUMN deadline_steps_done`);
    await db.query(
      `ALTER TABLE queue DROP COLUMN hours, DROP COLUMN deadline_steps, DROP COLUMN on_deadline_after_seconds`,
    );
  }
}

/**
 * Opening time, by the database's clock and its knowledge of time zones. `hours` is a zone, shifts for each day of the
 * week ("22:00-06:00" ends on the next day) and dates on which no shift begins. Durations are added as seconds and never
 * as days, whose length depends on the session's time zone. The search ends after 4,000 days.
 */
async function makeClock(db: QueryRunner): Promise<void> {
  // What a clock on the wall shows, as an instant. Of a time that it shows twice the later one; of a time that it skips,
  // the instant at which it is put forward.
  await db.query(`
    CREATE FUNCTION wall_instant(zone text, wall timestamp) RETURNS timestamptz LANGUAGE plpgsql STABLE STRICT AS $$
    DECLARE
      found timestamptz := wall AT TIME ZONE zone;
    BEGIN
      FOR minutes IN 1..1440 LOOP
        EXIT WHEN found AT TIME ZONE zone = wall;
        found := (wall - make_interval(mins => minutes)) AT TIME ZONE zone;
        IF found AT TIME ZONE zone = wall - make_interval(mins => minutes) THEN
          RETURN found + make_interval(mins => 1);
        END IF;
      END LOOP;
      RETURN found;
    END $$`);
  await db.query(`
    CREATE FUNCTION open_shifts(hours jsonb, day date) RETURNS TABLE (opens timestamptz, closes timestamptz)
    LANGUAGE sql STABLE AS $$
      SELECT wall_instant(hours->>'zone', day + left(shift, 5)::interval),
             wall_instant(hours->>'zone', day + right(shift, 5)::interval
                          + CASE WHEN right(shift, 5) <= left(shift, 5) THEN interval '1 day' ELSE interval '0' END)
        FROM jsonb_array_elements_text(
               hours->'week'->(ARRAY['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
                              [extract(isodow FROM day)::integer]) shift
       WHERE NOT hours->'holidays' ? to_char(day, 'YYYY-MM-DD')
       ORDER BY shift
    $$`);
  // The first instant at which so many seconds of opening time have passed since "start".
  await db.query(`
    CREATE FUNCTION open_after(hours jsonb, start timestamptz, seconds double precision) RETURNS timestamptz
    LANGUAGE plpgsql STABLE STRICT AS $$
    DECLARE
      today date := (start AT TIME ZONE (hours->>'zone'))::date;
      remaining numeric := seconds;
      shift record;
    BEGIN
      IF seconds <= 0 THEN RETURN start; END IF;
      FOR n IN -1..4000 LOOP
        FOR shift IN SELECT s.closes, greatest(s.opens, start) AS opens FROM open_shifts(hours, today + n) s LOOP
          CONTINUE WHEN shift.closes <= shift.opens;
          IF extract(epoch FROM shift.closes - shift.opens) >= remaining THEN
            RETURN shift.opens + make_interval(secs => remaining);
          END IF;
          remaining := remaining - extract(epoch FROM shift.closes - shift.opens);
        END LOOP;
      END LOOP;
      RETURN (today + 4000)::timestamp AT TIME ZONE (hours->>'zone');
    END $$`);
  // The last instant from which so many seconds of opening time have passed until "finish": what was due then or earlier
  // has been due for so long. The other way round of open_after, so that one instant finds all items.
  await db.query(`
    CREATE FUNCTION open_before(hours jsonb, finish timestamptz, seconds double precision) RETURNS timestamptz
    LANGUAGE plpgsql STABLE STRICT AS $$
    DECLARE
      today date := (finish AT TIME ZONE (hours->>'zone'))::date;
      remaining numeric := seconds;
      shift record;
    BEGIN
      IF seconds <= 0 THEN RETURN finish; END IF;
      FOR n IN 0..4000 LOOP
        FOR shift IN SELECT s.opens, least(s.closes, finish) AS closes FROM open_shifts(hours, today - n) s
                      ORDER BY s.opens DESC LOOP
          CONTINUE WHEN shift.closes <= shift.opens;
          IF extract(epoch FROM shift.closes - shift.opens) >= remaining THEN
            RETURN shift.closes - make_interval(secs => remaining);
          END IF;
          remaining := remaining - extract(epoch FROM shift.closes - shift.opens);
        END LOOP;
      END LOOP;
      RETURN '-infinity';
    END $$`);
  // Negative when "finish" is the earlier one.
  await db.query(`
    CREATE FUNCTION open_seconds(hours jsonb, start timestamptz, finish timestamptz) RETURNS double precision
    LANGUAGE sql STABLE STRICT AS $$
      SELECT sign(extract(epoch FROM finish) - extract(epoch FROM start))::float8 * coalesce(sum(
               extract(epoch FROM least(s.closes, greatest(start, finish)) - greatest(s.opens, least(start, finish)))), 0)
        FROM generate_series(0, least(4000,
               (greatest(start, finish) AT TIME ZONE (hours->>'zone'))::date
               - (least(start, finish) AT TIME ZONE (hours->>'zone'))::date + 1)) n
       CROSS JOIN LATERAL open_shifts(hours, (least(start, finish) AT TIME ZONE (hours->>'zone'))::date - 1 + n) s
       WHERE s.closes > greatest(s.opens, least(start, finish)) AND s.opens < greatest(start, finish)
    $$`);
  // Whether it is open, and when that changes; shifts that follow each other without a pause are one.
  await db.query(`
    CREATE FUNCTION opening_at(hours jsonb, at timestamptz, OUT is_open boolean, OUT changes_at timestamptz)
    LANGUAGE plpgsql STABLE STRICT AS $$
    DECLARE
      today date := (at AT TIME ZONE (hours->>'zone'))::date;
      shift record;
    BEGIN
      is_open := false;
      FOR n IN -1..4000 LOOP
        FOR shift IN SELECT s.opens, s.closes FROM open_shifts(hours, today + n) s LOOP
          CONTINUE WHEN shift.closes <= greatest(shift.opens, at);
          IF NOT is_open AND shift.opens > at THEN changes_at := shift.opens; RETURN; END IF;
          IF is_open AND shift.opens > changes_at THEN RETURN; END IF;
          is_open := true;
          changes_at := shift.closes;
        END LOOP;
        -- A week and a day without a pause: it never closes.
        IF is_open AND n > 8 THEN changes_at := NULL; RETURN; END IF;
      END LOOP;
    END $$`);
}
