-- What the database guarantees: read from the catalogue of a migrated database by `npm run schema`.
-- `npm run check` compares the two. Write a migration, not this file.

CREATE TABLE access_key (
  project_id integer NOT NULL,
  id text NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  secret_hmac bytea NOT NULL,
  scopes text[] DEFAULT '{}'::text[] NOT NULL,
  member_id uuid,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  created_by text NOT NULL,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  opened_with text,
  CONSTRAINT access_key_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT access_key_member FOREIGN KEY (project_id, member_id) REFERENCES member(project_id, id),
  CONSTRAINT access_key_project FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT access_key_holder CHECK (((kind = 'API_KEY'::text) = (member_id IS NULL))),
  CONSTRAINT access_key_kind_known CHECK ((kind = ANY (ARRAY['API_KEY'::text, 'PERSONAL_TOKEN'::text, 'SESSION'::text, 'SIGN_IN_LINK'::text]))),
  CONSTRAINT access_key_scopes_known CHECK ((scopes <@ ARRAY['FLAG'::text, 'READ'::text, 'EXPORT'::text, 'MANAGE'::text])),
  CONSTRAINT access_key_scopes_of_api_keys CHECK (((kind = 'API_KEY'::text) OR (scopes = '{}'::text[]))),
  CONSTRAINT access_key_secret_is_hmac CHECK ((octet_length(secret_hmac) = 32)),
  CONSTRAINT access_key_visit_ends CHECK (((kind <> ALL (ARRAY['SESSION'::text, 'SIGN_IN_LINK'::text])) OR (expires_at IS NOT NULL)))
);

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
  lease_expires_at timestamp with time zone NOT NULL,
  claimed_at timestamp with time zone DEFAULT now() NOT NULL,
  shown text[],
  CONSTRAINT assignment_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT assignment_member_unique UNIQUE (project_id, member_id, item_id),
  CONSTRAINT assignment_slot_unique UNIQUE (project_id, item_id, slot),
  CONSTRAINT assignment_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id)
) WITH (autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=20000);

CREATE TABLE claim_mark (
  project_id integer NOT NULL,
  lane_id integer NOT NULL,
  member_id uuid NOT NULL,
  rank bigint DEFAULT '-9223372036854775808'::bigint NOT NULL,
  proposed_rank bigint,
  proposal uuid,
  CONSTRAINT claim_mark_pkey PRIMARY KEY (project_id, lane_id, member_id)
) WITH (fillfactor=50);

CREATE TABLE dataset (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  salt text NOT NULL,
  train_percent smallint DEFAULT 0 NOT NULL,
  validation_percent smallint DEFAULT 0 NOT NULL,
  test_percent smallint DEFAULT 100 NOT NULL,
  case_count integer DEFAULT 0 NOT NULL,
  "position" bigint DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  bar_verdicts text[] DEFAULT '{CONFIRMED,CORRECTED,REJECTED}'::text[] NOT NULL,
  bar_min_agreement double precision DEFAULT 0 NOT NULL,
  bar_min_reviewers smallint DEFAULT 0 NOT NULL,
  bar_adjudicated_passes boolean DEFAULT true NOT NULL,
  largest_record integer DEFAULT 0 NOT NULL,
  compare_after uuid,
  CONSTRAINT dataset_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT dataset_key_unique UNIQUE (project_id, key),
  CONSTRAINT dataset_project FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT dataset_bar_min_agreement_range CHECK (((bar_min_agreement >= (0)::double precision) AND (bar_min_agreement <= (1)::double precision))),
  CONSTRAINT dataset_bar_min_reviewers_range CHECK (((bar_min_reviewers >= 0) AND (bar_min_reviewers <= 100))),
  CONSTRAINT dataset_bar_verdicts_known CHECK (((bar_verdicts <@ '{CONFIRMED,CORRECTED,REJECTED}'::text[]) AND (cardinality(bar_verdicts) > 0))),
  CONSTRAINT dataset_case_count_range CHECK ((case_count >= 0)),
  CONSTRAINT dataset_key_form CHECK ((key ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
  CONSTRAINT dataset_largest_record_range CHECK ((largest_record >= 0)),
  CONSTRAINT dataset_salt_form CHECK ((salt ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT dataset_split_whole CHECK (((train_percent >= 0) AND (validation_percent >= 0) AND (test_percent >= 0) AND (((train_percent + validation_percent) + test_percent) = 100)))
) WITH (fillfactor=50);

CREATE TABLE dataset_queue (
  project_id integer NOT NULL,
  dataset_id uuid NOT NULL,
  queue_id uuid NOT NULL,
  CONSTRAINT dataset_queue_pkey PRIMARY KEY (project_id, dataset_id, queue_id),
  CONSTRAINT dataset_queue_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset(project_id, id),
  CONSTRAINT dataset_queue_queue FOREIGN KEY (project_id, queue_id) REFERENCES queue(project_id, id)
);

CREATE TABLE deadline_step (
  project_id integer NOT NULL,
  item_id uuid NOT NULL,
  queue_id uuid NOT NULL,
  step smallint NOT NULL,
  action text NOT NULL,
  is_effective boolean NOT NULL,
  taken_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT deadline_step_pkey PRIMARY KEY (project_id, item_id, queue_id, step),
  CONSTRAINT deadline_step_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT deadline_step_action_known CHECK ((action = ANY (ARRAY['RAISE'::text, 'WIDEN'::text, 'HAND_OVER'::text]))),
  CONSTRAINT deadline_step_range CHECK ((step >= 0))
);

CREATE TABLE draft (
  project_id integer NOT NULL,
  item_id uuid NOT NULL,
  member_id uuid NOT NULL,
  verdict text,
  corrected_output json,
  labels json,
  comment text,
  saved_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT draft_pkey PRIMARY KEY (project_id, item_id, member_id),
  CONSTRAINT draft_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT draft_verdict_known CHECK ((verdict = ANY (ARRAY['CONFIRMED'::text, 'CORRECTED'::text, 'REJECTED'::text])))
);

CREATE TABLE escalation (
  project_id integer NOT NULL,
  item_id uuid NOT NULL,
  assignment_id uuid NOT NULL,
  member_id uuid NOT NULL,
  note text NOT NULL,
  escalated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT escalation_pkey PRIMARY KEY (project_id, item_id, assignment_id),
  CONSTRAINT escalation_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT escalation_note_said CHECK ((note <> ''::text))
);

CREATE TABLE eval_case (
  project_id integer NOT NULL,
  dataset_id uuid NOT NULL,
  id uuid NOT NULL,
  item_id uuid NOT NULL,
  group_key text NOT NULL,
  split text NOT NULL,
  revision integer NOT NULL,
  content_hash bytea NOT NULL,
  is_retracted boolean DEFAULT false NOT NULL,
  input_hash bytea,
  base_hash bytea,
  answers bytea[] DEFAULT '{}'::bytea[] NOT NULL,
  CONSTRAINT eval_case_pkey PRIMARY KEY (project_id, dataset_id, id),
  CONSTRAINT eval_case_item_once UNIQUE (project_id, dataset_id, item_id),
  CONSTRAINT eval_case_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset(project_id, id),
  CONSTRAINT eval_case_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT eval_case_revision_range CHECK ((revision >= 1)),
  CONSTRAINT eval_case_split_known CHECK ((split = ANY (ARRAY['train'::text, 'validation'::text, 'test'::text])))
) WITH (fillfactor=80);

CREATE TABLE eval_case_revision (
  project_id integer NOT NULL,
  dataset_id uuid NOT NULL,
  case_id uuid NOT NULL,
  revision integer NOT NULL,
  "position" bigint NOT NULL,
  content_hash bytea NOT NULL,
  split text NOT NULL,
  verdict text,
  tags text[] DEFAULT '{}'::text[] NOT NULL,
  record text,
  record_bytes integer GENERATED ALWAYS AS (octet_length(record)) STORED,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  next_position bigint,
  CONSTRAINT eval_case_revision_pkey PRIMARY KEY (project_id, dataset_id, case_id, revision),
  CONSTRAINT eval_case_revision_case FOREIGN KEY (project_id, dataset_id, case_id) REFERENCES eval_case(project_id, dataset_id, id),
  CONSTRAINT eval_case_revision_next_position_range CHECK ((next_position > "position")),
  CONSTRAINT eval_case_revision_one_line CHECK ((strpos(record, chr(10)) = 0)),
  CONSTRAINT eval_case_revision_position_range CHECK (("position" >= 1)),
  CONSTRAINT eval_case_revision_range CHECK ((revision >= 1)),
  CONSTRAINT eval_case_revision_retraction CHECK (((record IS NULL) = (verdict IS NULL))),
  CONSTRAINT eval_case_revision_split_known CHECK ((split = ANY (ARRAY['train'::text, 'validation'::text, 'test'::text]))),
  CONSTRAINT eval_case_revision_verdict_known CHECK ((verdict = ANY (ARRAY['CONFIRMED'::text, 'CORRECTED'::text, 'REJECTED'::text])))
);

CREATE TABLE eval_edit (
  project_id integer NOT NULL,
  dataset_id uuid NOT NULL,
  item_id uuid NOT NULL,
  base_hash bytea NOT NULL,
  tags text[],
  assertions json,
  alternatives json,
  actor text NOT NULL,
  edited_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT eval_edit_pkey PRIMARY KEY (project_id, dataset_id, item_id),
  CONSTRAINT eval_edit_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset(project_id, id),
  CONSTRAINT eval_edit_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id)
);

CREATE TABLE eval_hold (
  project_id integer NOT NULL,
  dataset_id uuid NOT NULL,
  item_id uuid NOT NULL,
  kind text NOT NULL,
  reasons text[] DEFAULT '{}'::text[] NOT NULL,
  verdict text NOT NULL,
  expected json,
  input_hash bytea NOT NULL,
  base_hash bytea NOT NULL,
  answers bytea[] NOT NULL,
  held_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT eval_hold_pkey PRIMARY KEY (project_id, dataset_id, item_id),
  CONSTRAINT eval_hold_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset(project_id, id),
  CONSTRAINT eval_hold_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT eval_hold_kind_known CHECK ((kind = ANY (ARRAY['QUARANTINE'::text, 'CONFLICT'::text, 'DUPLICATE'::text]))),
  CONSTRAINT eval_hold_reasons_of_quarantine CHECK (((kind = 'QUARANTINE'::text) = (cardinality(reasons) > 0))),
  CONSTRAINT eval_hold_verdict_known CHECK ((verdict = ANY (ARRAY['CONFIRMED'::text, 'CORRECTED'::text, 'REJECTED'::text])))
);

CREATE TABLE eval_input (
  project_id integer NOT NULL,
  no bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  dataset_id uuid NOT NULL,
  input_hash bytea NOT NULL,
  signature bytea,
  CONSTRAINT eval_input_pkey PRIMARY KEY (project_id, no),
  CONSTRAINT eval_input_once UNIQUE (project_id, dataset_id, input_hash),
  CONSTRAINT eval_input_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset(project_id, id),
  CONSTRAINT eval_input_signature_size CHECK ((octet_length(signature) = 128))
);

CREATE TABLE eval_input_band (
  project_id integer NOT NULL,
  band bigint NOT NULL,
  input_no bigint NOT NULL,
  CONSTRAINT eval_input_band_pkey PRIMARY KEY (project_id, band, input_no),
  CONSTRAINT eval_input_band_input FOREIGN KEY (project_id, input_no) REFERENCES eval_input(project_id, no)
);

CREATE TABLE eval_near (
  project_id integer NOT NULL,
  older_no bigint NOT NULL,
  newer_no bigint NOT NULL,
  dataset_id uuid NOT NULL,
  percent smallint NOT NULL,
  found_at timestamp with time zone DEFAULT now() NOT NULL,
  distinct_by text,
  distinct_reason text,
  distinct_at timestamp with time zone,
  CONSTRAINT eval_near_pkey PRIMARY KEY (project_id, older_no, newer_no),
  CONSTRAINT eval_near_newer FOREIGN KEY (project_id, newer_no) REFERENCES eval_input(project_id, no),
  CONSTRAINT eval_near_older FOREIGN KEY (project_id, older_no) REFERENCES eval_input(project_id, no),
  CONSTRAINT eval_near_distinct_whole CHECK ((((distinct_by IS NULL) = (distinct_at IS NULL)) AND ((distinct_by IS NULL) = (distinct_reason IS NULL)))),
  CONSTRAINT eval_near_order CHECK ((older_no < newer_no)),
  CONSTRAINT eval_near_percent_range CHECK (((percent >= 0) AND (percent <= 100)))
);

CREATE TABLE eval_result (
  project_id integer NOT NULL,
  run_id uuid NOT NULL,
  case_id uuid NOT NULL,
  item_id uuid NOT NULL,
  outcome text NOT NULL,
  CONSTRAINT eval_result_pkey PRIMARY KEY (project_id, run_id, case_id),
  CONSTRAINT eval_result_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT eval_result_run FOREIGN KEY (project_id, run_id) REFERENCES eval_run(project_id, id) ON DELETE CASCADE,
  CONSTRAINT eval_result_outcome_known CHECK ((outcome = ANY (ARRAY['PASSED'::text, 'FAILED'::text, 'INCOMPLETE'::text])))
);

CREATE TABLE eval_ruling (
  project_id integer NOT NULL,
  dataset_id uuid NOT NULL,
  item_id uuid NOT NULL,
  kind text NOT NULL,
  base_hash bytea NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL,
  decided_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT eval_ruling_pkey PRIMARY KEY (project_id, dataset_id, item_id),
  CONSTRAINT eval_ruling_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset(project_id, id),
  CONSTRAINT eval_ruling_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT eval_ruling_kind_known CHECK ((kind = ANY (ARRAY['ADMITTED'::text, 'DROPPED'::text])))
);

CREATE TABLE eval_run (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  run_id text NOT NULL,
  outcome text NOT NULL,
  url text,
  commit_id text,
  passed integer NOT NULL,
  failed integer NOT NULL,
  incomplete integer NOT NULL,
  content_hash bytea NOT NULL,
  reported_by text NOT NULL,
  reported_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT eval_run_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT eval_run_once UNIQUE (project_id, dataset_id, run_id),
  CONSTRAINT eval_run_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset(project_id, id),
  CONSTRAINT eval_run_counts_range CHECK (((passed >= 0) AND (failed >= 0) AND (incomplete >= 0))),
  CONSTRAINT eval_run_outcome_known CHECK ((outcome = ANY (ARRAY['PASSED'::text, 'FAILED'::text, 'INCOMPLETE'::text])))
);

CREATE TABLE event (
  project_id integer NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL,
  actor text NOT NULL,
  item_id uuid,
  queue_id uuid,
  data json NOT NULL,
  at timestamp with time zone NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT event_pkey PRIMARY KEY (project_id, seq),
  CONSTRAINT event_hash_size CHECK ((octet_length(hash) = 32)),
  CONSTRAINT event_seq_range CHECK ((seq >= 1))
);

CREATE TABLE evidence (
  project_id integer NOT NULL,
  item_id uuid NOT NULL,
  input json NOT NULL,
  output json NOT NULL,
  context json DEFAULT '[]'::json NOT NULL,
  metadata json,
  CONSTRAINT evidence_pkey PRIMARY KEY (project_id, item_id),
  CONSTRAINT evidence_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id)
);

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
  flagged_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT flag_pkey PRIMARY KEY (project_id, external_id),
  CONSTRAINT flag_decision_known CHECK ((decision = ANY (ARRAY['REVIEW'::text, 'PASS'::text]))),
  CONSTRAINT flag_pass_has_rule CHECK (((decision = 'REVIEW'::text) OR (rule IS NOT NULL))),
  CONSTRAINT flag_review_has_item CHECK (((decision = 'REVIEW'::text) = (item_id IS NOT NULL))),
  CONSTRAINT flag_rule_has_version CHECK (((rule IS NULL) = (policy_version IS NULL)))
);

CREATE TABLE gold (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  queue_id uuid NOT NULL,
  item_id uuid,
  source text,
  model_name text,
  model_version text,
  prompt_name text,
  prompt_version text,
  confidence double precision,
  risk text,
  reasons text[],
  signals json,
  tags text[],
  input json NOT NULL,
  output json NOT NULL,
  context json DEFAULT '[]'::json NOT NULL,
  metadata json,
  verdict text NOT NULL,
  corrected_outputs json DEFAULT '[]'::json NOT NULL,
  labels json DEFAULT '{}'::json NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  created_by text NOT NULL,
  retired_at timestamp with time zone,
  CONSTRAINT gold_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT gold_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT gold_queue FOREIGN KEY (project_id, queue_id) REFERENCES queue(project_id, id),
  CONSTRAINT gold_corrections CHECK (((verdict = 'CORRECTED'::text) OR ((corrected_outputs)::text = '[]'::text))),
  CONSTRAINT gold_verdict_known CHECK ((verdict = ANY (ARRAY['CONFIRMED'::text, 'CORRECTED'::text, 'REJECTED'::text])))
);

CREATE TABLE gold_item (
  project_id integer NOT NULL,
  item_id uuid NOT NULL,
  gold_id uuid NOT NULL,
  queue_id uuid NOT NULL,
  member_id uuid NOT NULL,
  is_right boolean,
  CONSTRAINT gold_item_pkey PRIMARY KEY (project_id, item_id),
  CONSTRAINT gold_item_once UNIQUE (project_id, member_id, gold_id),
  CONSTRAINT gold_item_gold FOREIGN KEY (project_id, gold_id) REFERENCES gold(project_id, id),
  CONSTRAINT gold_item_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id)
);

CREATE TABLE gold_standing (
  project_id integer NOT NULL,
  member_id uuid NOT NULL,
  queue_id uuid NOT NULL,
  claims bigint DEFAULT 0 NOT NULL,
  item_id uuid,
  answered integer DEFAULT 0 NOT NULL,
  answered_right integer DEFAULT 0 NOT NULL,
  paused_at timestamp with time zone,
  CONSTRAINT gold_standing_pkey PRIMARY KEY (project_id, member_id, queue_id),
  CONSTRAINT gold_standing_right_range CHECK (((answered_right >= 0) AND (answered_right <= answered)))
) WITH (fillfactor=50);

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
  reasons text[] DEFAULT '{}'::text[] NOT NULL,
  signals json DEFAULT '[]'::json NOT NULL,
  tags text[] DEFAULT '{}'::text[] NOT NULL,
  group_key text,
  trace_id text,
  priority smallint DEFAULT 0 NOT NULL,
  due_at timestamp with time zone,
  rank bigint NOT NULL,
  status text DEFAULT 'OPEN'::text NOT NULL,
  reviews_required smallint NOT NULL,
  reviews_done smallint DEFAULT 0 NOT NULL,
  policy_version integer,
  rule text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  resolved_at timestamp with time zone,
  is_gold boolean DEFAULT false NOT NULL,
  deadline_steps_done smallint DEFAULT 0 NOT NULL,
  CONSTRAINT item_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT item_confidence_range CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
  CONSTRAINT item_deadline_steps_range CHECK ((deadline_steps_done >= 0)),
  CONSTRAINT item_model_whole CHECK (((model_name IS NULL) = (model_version IS NULL))),
  CONSTRAINT item_priority_range CHECK (((priority >= 0) AND (priority <= 9))),
  CONSTRAINT item_prompt_whole CHECK (((prompt_name IS NULL) = (prompt_version IS NULL))),
  CONSTRAINT item_resolved_at CHECK (((status = 'RESOLVED'::text) = (resolved_at IS NOT NULL))),
  CONSTRAINT item_reviews_never_over CHECK (((reviews_done >= 0) AND (reviews_done <= reviews_required))),
  CONSTRAINT item_risk_known CHECK ((risk = ANY (ARRAY['LOW'::text, 'MEDIUM'::text, 'HIGH'::text, 'CRITICAL'::text]))),
  CONSTRAINT item_status_known CHECK ((status = ANY (ARRAY['OPEN'::text, 'NEEDS_ADJUDICATION'::text, 'RESOLVED'::text, 'WITHDRAWN'::text])))
) WITH (fillfactor=90);

CREATE TABLE item_author (
  project_id integer NOT NULL,
  item_id uuid NOT NULL,
  author text NOT NULL,
  CONSTRAINT item_author_pkey PRIMARY KEY (project_id, item_id, author),
  CONSTRAINT item_author_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id)
);

CREATE TABLE item_resize (
  project_id integer NOT NULL,
  item_id uuid NOT NULL,
  CONSTRAINT item_resize_pkey PRIMARY KEY (project_id, item_id),
  CONSTRAINT item_resize_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id)
);

CREATE TABLE item_text (
  project_id integer NOT NULL,
  item_id uuid NOT NULL,
  words tsvector NOT NULL,
  CONSTRAINT item_text_pkey PRIMARY KEY (project_id, item_id),
  CONSTRAINT item_text_evidence FOREIGN KEY (project_id, item_id) REFERENCES evidence(project_id, item_id) ON DELETE CASCADE
);

CREATE TABLE lane (
  project_id integer NOT NULL,
  id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
  queue_id uuid NOT NULL,
  skills text[] NOT NULL,
  tier smallint DEFAULT 0 NOT NULL,
  CONSTRAINT lane_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT lane_unique UNIQUE (project_id, queue_id, tier, skills),
  CONSTRAINT lane_queue FOREIGN KEY (project_id, queue_id) REFERENCES queue(project_id, id)
);

CREATE TABLE lane_floor (
  project_id integer NOT NULL,
  lane_id integer NOT NULL,
  rank bigint NOT NULL,
  CONSTRAINT lane_floor_pkey PRIMARY KEY (project_id, lane_id)
) WITH (fillfactor=50);

CREATE TABLE lapse (
  project_id integer NOT NULL,
  assignment_id uuid NOT NULL,
  item_id uuid NOT NULL,
  member_id uuid NOT NULL,
  lease_token uuid NOT NULL,
  ended_as text NOT NULL,
  ended_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT lapse_pkey PRIMARY KEY (project_id, assignment_id),
  CONSTRAINT lapse_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT lapse_ended_as_known CHECK ((ended_as = ANY (ARRAY['RELEASED'::text, 'SKIPPED'::text, 'EXPIRED'::text, 'ESCALATED'::text])))
);

CREATE TABLE log_head (
  project_id integer NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  oldest_seq bigint NOT NULL,
  base_hash bytea NOT NULL,
  CONSTRAINT log_head_pkey PRIMARY KEY (project_id),
  CONSTRAINT log_head_project FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT log_head_hash_size CHECK (((octet_length(hash) = 32) AND (octet_length(base_hash) = 32))),
  CONSTRAINT log_head_oldest_range CHECK (((oldest_seq >= 1) AND (oldest_seq <= (seq + 1))))
) WITH (fillfactor=50);

CREATE TABLE log_parked (
  project_id integer NOT NULL,
  name text NOT NULL,
  seq bigint NOT NULL,
  item_id uuid,
  attempts integer DEFAULT 0 NOT NULL,
  last_error text NOT NULL,
  next_attempt_at timestamp with time zone NOT NULL,
  CONSTRAINT log_parked_pkey PRIMARY KEY (project_id, name, seq),
  CONSTRAINT log_parked_reader FOREIGN KEY (project_id, name) REFERENCES log_reader(project_id, name)
);

CREATE TABLE log_reader (
  project_id integer NOT NULL,
  name text NOT NULL,
  seq bigint DEFAULT 0 NOT NULL,
  CONSTRAINT log_reader_pkey PRIMARY KEY (project_id, name)
) WITH (fillfactor=50);

CREATE TABLE member (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  skills text[] DEFAULT '{}'::text[] NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  deactivated_at timestamp with time zone,
  capacity smallint DEFAULT 10 NOT NULL,
  CONSTRAINT member_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT member_name_unique UNIQUE (project_id, name),
  CONSTRAINT member_project FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT member_capacity_range CHECK (((capacity >= 1) AND (capacity <= 100))),
  CONSTRAINT member_role_known CHECK ((role = ANY (ARRAY['ADMIN'::text, 'MANAGER'::text, 'REVIEWER'::text, 'VIEWER'::text])))
);

CREATE TABLE outbox (
  project_id integer NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  kind text NOT NULL,
  actor text NOT NULL,
  item_id uuid,
  queue_id uuid,
  data json DEFAULT '{}'::json NOT NULL,
  at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT outbox_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT outbox_actor_form CHECK ((actor ~ '^(system|(member|key):.{1,200})$'::text)),
  CONSTRAINT outbox_data_object CHECK ((json_typeof(data) = 'object'::text)),
  CONSTRAINT outbox_kind_form CHECK ((kind ~ '^[A-Z][A-Z_]{0,62}$'::text))
) WITH (autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=20000);

CREATE TABLE policy (
  project_id integer NOT NULL,
  version integer NOT NULL,
  rules json NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  created_by text NOT NULL,
  CONSTRAINT policy_pkey PRIMARY KEY (project_id, version),
  CONSTRAINT policy_project FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT policy_version_range CHECK ((version >= 1))
);

CREATE TABLE presence (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  member_id uuid NOT NULL,
  queues text[],
  capacity smallint NOT NULL,
  is_away boolean DEFAULT false NOT NULL,
  since timestamp with time zone DEFAULT now() NOT NULL,
  idle_since timestamp with time zone DEFAULT now(),
  given_at timestamp with time zone,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT presence_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT presence_capacity_range CHECK (((capacity >= 1) AND (capacity <= 10)))
) WITH (fillfactor=50);

CREATE TABLE project (
  id integer GENERATED BY DEFAULT AS IDENTITY NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT project_pkey PRIMARY KEY (id),
  CONSTRAINT project_key_unique UNIQUE (key),
  CONSTRAINT project_key_form CHECK ((key ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
);

CREATE TABLE push_turn (
  project_id integer NOT NULL,
  holder uuid NOT NULL,
  until timestamp with time zone NOT NULL,
  CONSTRAINT push_turn_pkey PRIMARY KEY (project_id)
) WITH (fillfactor=50);

CREATE TABLE queue (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  instructions text DEFAULT ''::text NOT NULL,
  rubric_version integer NOT NULL,
  reviews_required smallint DEFAULT 1 NOT NULL,
  lease_seconds integer DEFAULT 600 NOT NULL,
  sla_seconds integer,
  skills text[] DEFAULT '{}'::text[] NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  separate_groups boolean DEFAULT false NOT NULL,
  relax_skills_after_seconds integer,
  on_deadline text DEFAULT 'STAY_OPEN'::text NOT NULL,
  skip_reason_required boolean DEFAULT false NOT NULL,
  blind boolean DEFAULT true NOT NULL,
  hides_signals boolean DEFAULT false NOT NULL,
  revise_within_seconds integer DEFAULT 86400 NOT NULL,
  reviews_max smallint,
  agreement_bar double precision DEFAULT 0.5 NOT NULL,
  gold_rate double precision DEFAULT 0 NOT NULL,
  gold_bar double precision DEFAULT 0 NOT NULL,
  gold_minimum integer DEFAULT 10 NOT NULL,
  gold_salt text DEFAULT (gen_random_uuid())::text NOT NULL,
  hours jsonb,
  deadline_steps jsonb DEFAULT '[]'::jsonb NOT NULL,
  on_deadline_after_seconds integer DEFAULT 0 NOT NULL,
  CONSTRAINT queue_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT queue_key_unique UNIQUE (project_id, key),
  CONSTRAINT queue_project FOREIGN KEY (project_id) REFERENCES project(id),
  CONSTRAINT queue_rubric FOREIGN KEY (project_id, id, rubric_version) REFERENCES rubric(project_id, queue_id, version) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT queue_agreement_bar_range CHECK (((agreement_bar >= (0)::double precision) AND (agreement_bar <= (1)::double precision))),
  CONSTRAINT queue_deadline_steps_list CHECK ((jsonb_typeof(deadline_steps) = 'array'::text)),
  CONSTRAINT queue_gold_bar_range CHECK (((gold_bar >= (0)::double precision) AND (gold_bar <= (1)::double precision))),
  CONSTRAINT queue_gold_minimum_range CHECK (((gold_minimum >= 1) AND (gold_minimum <= 1000))),
  CONSTRAINT queue_gold_rate_range CHECK (((gold_rate >= (0)::double precision) AND (gold_rate <= (0.5)::double precision))),
  CONSTRAINT queue_hours_object CHECK ((jsonb_typeof(hours) = 'object'::text)),
  CONSTRAINT queue_key_form CHECK ((key ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
  CONSTRAINT queue_lease_seconds_range CHECK (((lease_seconds >= 1) AND (lease_seconds <= 86400))),
  CONSTRAINT queue_on_deadline_after_range CHECK (((on_deadline_after_seconds >= 0) AND (on_deadline_after_seconds <= 31536000))),
  CONSTRAINT queue_on_deadline_known CHECK ((on_deadline = ANY (ARRAY['CONFIRM'::text, 'REJECT'::text, 'STAY_OPEN'::text]))),
  CONSTRAINT queue_relax_skills_range CHECK (((relax_skills_after_seconds >= 1) AND (relax_skills_after_seconds <= 31536000))),
  CONSTRAINT queue_reviews_max_range CHECK (((reviews_max >= reviews_required) AND (reviews_max <= 9))),
  CONSTRAINT queue_reviews_required_range CHECK (((reviews_required >= 1) AND (reviews_required <= 9))),
  CONSTRAINT queue_revise_within_range CHECK (((revise_within_seconds >= 0) AND (revise_within_seconds <= 31536000))),
  CONSTRAINT queue_sla_seconds_range CHECK (((sla_seconds >= 1) AND (sla_seconds <= 31536000)))
);

CREATE TABLE queue_count (
  project_id integer NOT NULL,
  queue_id uuid NOT NULL,
  open bigint DEFAULT 0 NOT NULL,
  leased bigint DEFAULT 0 NOT NULL,
  needs_adjudication bigint DEFAULT 0 NOT NULL,
  resolved bigint DEFAULT 0 NOT NULL,
  withdrawn bigint DEFAULT 0 NOT NULL,
  reviews bigint DEFAULT 0 NOT NULL,
  CONSTRAINT queue_count_pkey PRIMARY KEY (project_id, queue_id)
) WITH (fillfactor=50);

CREATE TABLE queue_member (
  project_id integer NOT NULL,
  queue_id uuid NOT NULL,
  member_id uuid NOT NULL,
  CONSTRAINT queue_member_pkey PRIMARY KEY (project_id, queue_id, member_id),
  CONSTRAINT queue_member_member FOREIGN KEY (project_id, member_id) REFERENCES member(project_id, id),
  CONSTRAINT queue_member_queue FOREIGN KEY (project_id, queue_id) REFERENCES queue(project_id, id)
);

CREATE TABLE queue_resize (
  project_id integer NOT NULL,
  queue_id uuid NOT NULL,
  saved_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  is_second_pass boolean DEFAULT false NOT NULL,
  after_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
  after_id uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
  CONSTRAINT queue_resize_pkey PRIMARY KEY (project_id, queue_id),
  CONSTRAINT queue_resize_queue FOREIGN KEY (project_id, queue_id) REFERENCES queue(project_id, id)
);

CREATE TABLE resolution (
  project_id integer NOT NULL,
  item_id uuid NOT NULL,
  revision smallint DEFAULT 0 NOT NULL,
  verdict text NOT NULL,
  output json,
  labels json DEFAULT '{}'::json NOT NULL,
  by text NOT NULL,
  decided_by uuid,
  agreement_metric text,
  agreement_value double precision,
  comment text,
  resolved_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT resolution_pkey PRIMARY KEY (project_id, item_id),
  CONSTRAINT resolution_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT resolution_adjudicator CHECK (((by = 'ADJUDICATION'::text) = (decided_by IS NOT NULL))),
  CONSTRAINT resolution_agreement_whole CHECK (((agreement_metric IS NULL) = (agreement_value IS NULL))),
  CONSTRAINT resolution_by_known CHECK ((by = ANY (ARRAY['CONSENSUS'::text, 'ADJUDICATION'::text, 'DEADLINE'::text]))),
  CONSTRAINT resolution_confirmed_is_original CHECK (((verdict <> 'CONFIRMED'::text) OR (output IS NULL))),
  CONSTRAINT resolution_correction CHECK (((verdict <> 'CORRECTED'::text) OR (output IS NOT NULL))),
  CONSTRAINT resolution_verdict_known CHECK ((verdict = ANY (ARRAY['CONFIRMED'::text, 'CORRECTED'::text, 'REJECTED'::text])))
);

CREATE TABLE review (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  item_id uuid NOT NULL,
  queue_id uuid NOT NULL,
  slot smallint NOT NULL,
  revision smallint DEFAULT 0 NOT NULL,
  member_id uuid NOT NULL,
  assignment_id uuid NOT NULL,
  lease_token uuid NOT NULL,
  rubric_version integer NOT NULL,
  verdict text NOT NULL,
  corrected_output json,
  labels json DEFAULT '{}'::json NOT NULL,
  comment text,
  content_hash bytea NOT NULL,
  duration_ms integer NOT NULL,
  supersedes uuid,
  submitted_at timestamp with time zone DEFAULT now() NOT NULL,
  shown text[],
  CONSTRAINT review_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT review_member_once UNIQUE (project_id, member_id, item_id, revision),
  CONSTRAINT review_slot_once UNIQUE (project_id, item_id, slot, revision),
  CONSTRAINT review_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id),
  CONSTRAINT review_confirmed_has_no_correction CHECK (((verdict <> 'CONFIRMED'::text) OR (corrected_output IS NULL))),
  CONSTRAINT review_correction CHECK (((verdict <> 'CORRECTED'::text) OR (corrected_output IS NOT NULL))),
  CONSTRAINT review_duration_range CHECK ((duration_ms >= 0)),
  CONSTRAINT review_supersedes CHECK (((revision = 0) = (supersedes IS NULL))),
  CONSTRAINT review_verdict_known CHECK ((verdict = ANY (ARRAY['CONFIRMED'::text, 'CORRECTED'::text, 'REJECTED'::text])))
);

CREATE TABLE rubric (
  project_id integer NOT NULL,
  queue_id uuid NOT NULL,
  version integer NOT NULL,
  fields json NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  created_by text NOT NULL,
  CONSTRAINT rubric_pkey PRIMARY KEY (project_id, queue_id, version),
  CONSTRAINT rubric_queue FOREIGN KEY (project_id, queue_id) REFERENCES queue(project_id, id),
  CONSTRAINT rubric_version_range CHECK ((version >= 1))
);

CREATE TABLE skip (
  project_id integer NOT NULL,
  member_id uuid NOT NULL,
  item_id uuid NOT NULL,
  reason text,
  skipped_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT skip_pkey PRIMARY KEY (project_id, member_id, item_id),
  CONSTRAINT skip_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id)
);

CREATE TABLE snapshot (
  project_id integer NOT NULL,
  id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  version integer NOT NULL,
  "position" bigint NOT NULL,
  hash bytea NOT NULL,
  case_count integer NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  created_by text NOT NULL,
  CONSTRAINT snapshot_pkey PRIMARY KEY (project_id, id),
  CONSTRAINT snapshot_version_unique UNIQUE (project_id, dataset_id, version),
  CONSTRAINT snapshot_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset(project_id, id),
  CONSTRAINT snapshot_case_count_range CHECK ((case_count >= 0)),
  CONSTRAINT snapshot_version_range CHECK ((version >= 1))
);

CREATE TABLE tally (
  project_id integer NOT NULL,
  queue_id uuid NOT NULL,
  measure text NOT NULL,
  day date NOT NULL,
  subject text NOT NULL,
  bucket smallint NOT NULL,
  n bigint NOT NULL,
  CONSTRAINT tally_pkey PRIMARY KEY (project_id, queue_id, measure, day, subject, bucket),
  CONSTRAINT tally_measure_form CHECK ((measure ~ '^[A-Z][A-Z_]{0,62}$'::text))
) WITH (fillfactor=70);

CREATE TABLE ticket (
  project_id integer NOT NULL,
  lane_id integer NOT NULL,
  rank bigint NOT NULL,
  item_id uuid NOT NULL,
  slot smallint NOT NULL,
  CONSTRAINT ticket_pkey PRIMARY KEY (project_id, lane_id, rank, item_id, slot),
  CONSTRAINT ticket_item FOREIGN KEY (project_id, item_id) REFERENCES item(project_id, id)
) WITH (autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=20000);

CREATE INDEX access_key_listed ON public.access_key USING btree (project_id, created_at DESC, id DESC);

CREATE INDEX access_key_of_member ON public.access_key USING btree (project_id, member_id) WHERE (member_id IS NOT NULL);

CREATE INDEX access_key_opened_with ON public.access_key USING btree (project_id, opened_with) WHERE (opened_with IS NOT NULL);

CREATE INDEX access_key_passing ON public.access_key USING btree (project_id, expires_at) WHERE (kind = ANY (ARRAY['SESSION'::text, 'SIGN_IN_LINK'::text]));

CREATE INDEX assignment_lease_expires_at ON public.assignment USING btree (project_id, lease_expires_at);

CREATE INDEX dataset_queue_queue_id ON public.dataset_queue USING btree (project_id, queue_id);

CREATE INDEX eval_case_same_input ON public.eval_case USING btree (project_id, dataset_id, input_hash) WHERE (NOT is_retracted);

CREATE UNIQUE INDEX eval_case_revision_newest_once ON public.eval_case_revision USING btree (project_id, dataset_id, case_id) WHERE (next_position IS NULL);

CREATE INDEX eval_case_revision_position ON public.eval_case_revision USING btree (project_id, dataset_id, "position", case_id);

CREATE INDEX eval_hold_conflict ON public.eval_hold USING btree (project_id, dataset_id, input_hash, item_id) WHERE (kind = 'CONFLICT'::text);

CREATE INDEX eval_hold_duplicate ON public.eval_hold USING btree (project_id, dataset_id, input_hash, base_hash, item_id) WHERE (kind = 'DUPLICATE'::text);

CREATE INDEX eval_hold_quarantine ON public.eval_hold USING btree (project_id, dataset_id, item_id) WHERE (kind = 'QUARANTINE'::text);

CREATE INDEX eval_near_newer_no ON public.eval_near USING btree (project_id, newer_no, older_no);

CREATE INDEX eval_near_open ON public.eval_near USING btree (project_id, dataset_id, percent DESC, older_no, newer_no) WHERE (distinct_at IS NULL);

CREATE INDEX eval_result_case ON public.eval_result USING btree (project_id, case_id, run_id DESC);

CREATE INDEX eval_result_failed ON public.eval_result USING btree (project_id, item_id, run_id DESC) WHERE (outcome = 'FAILED'::text);

CREATE INDEX eval_run_newest ON public.eval_run USING btree (project_id, dataset_id, id DESC);

CREATE INDEX event_item ON public.event USING btree (project_id, item_id, seq) WHERE (item_id IS NOT NULL);

CREATE INDEX flag_flagged_at ON public.flag USING brin (flagged_at);

CREATE INDEX flag_passed ON public.flag USING btree (project_id, flagged_at) WHERE (decision = 'PASS'::text);

CREATE INDEX gold_of_queue ON public.gold USING btree (project_id, queue_id, id);

CREATE INDEX item_deadline_step ON public.item USING btree (project_id, queue_id, deadline_steps_done, due_at) WHERE ((status = 'OPEN'::text) AND (due_at IS NOT NULL));

CREATE INDEX item_due ON public.item USING btree (project_id, queue_id, due_at) WHERE ((status = ANY (ARRAY['OPEN'::text, 'NEEDS_ADJUDICATION'::text])) AND (due_at IS NOT NULL));

CREATE INDEX item_group ON public.item USING btree (project_id, group_key) WHERE (group_key IS NOT NULL);

CREATE INDEX item_waiting ON public.item USING btree (project_id, queue_id, created_at, id) WHERE (status = ANY (ARRAY['OPEN'::text, 'NEEDS_ADJUDICATION'::text]));

CREATE INDEX item_text_words ON public.item_text USING gin (words);

CREATE INDEX lapse_ended_at ON public.lapse USING btree (project_id, ended_at);

CREATE INDEX presence_member ON public.presence USING btree (project_id, member_id);

CREATE INDEX review_assignment ON public.review USING btree (assignment_id);

CREATE INDEX review_further ON public.review USING btree (queue_id, submitted_at) WHERE ((slot > 0) AND (revision = 0));

CREATE OR REPLACE FUNCTION public.evidence_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      BEGIN
        DELETE FROM item_text t WHERE t.project_id = old.project_id AND t.item_id = old.item_id;
        RETURN NULL;
      END $function$
;

CREATE OR REPLACE FUNCTION public.open_after(hours jsonb, start timestamp with time zone, seconds double precision)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE STRICT
AS $function$
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
    END $function$
;

CREATE OR REPLACE FUNCTION public.open_before(hours jsonb, finish timestamp with time zone, seconds double precision)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE STRICT
AS $function$
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
    END $function$
;

CREATE OR REPLACE FUNCTION public.open_seconds(hours jsonb, start timestamp with time zone, finish timestamp with time zone)
 RETURNS double precision
 LANGUAGE sql
 STABLE STRICT
AS $function$
      SELECT sign(extract(epoch FROM finish) - extract(epoch FROM start))::float8 * coalesce(sum(
               extract(epoch FROM least(s.closes, greatest(start, finish)) - greatest(s.opens, least(start, finish)))), 0)
        FROM generate_series(0, least(4000,
               (greatest(start, finish) AT TIME ZONE (hours->>'zone'))::date
               - (least(start, finish) AT TIME ZONE (hours->>'zone'))::date + 1)) n
       CROSS JOIN LATERAL open_shifts(hours, (least(start, finish) AT TIME ZONE (hours->>'zone'))::date - 1 + n) s
       WHERE s.closes > greatest(s.opens, least(start, finish)) AND s.opens < greatest(start, finish)
    $function$
;

CREATE OR REPLACE FUNCTION public.open_shifts(hours jsonb, day date)
 RETURNS TABLE(opens timestamp with time zone, closes timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
      SELECT wall_instant(hours->>'zone', day + left(shift, 5)::interval),
             wall_instant(hours->>'zone', day + right(shift, 5)::interval
                          + CASE WHEN right(shift, 5) <= left(shift, 5) THEN interval '1 day' ELSE interval '0' END)
        FROM jsonb_array_elements_text(
               hours->'week'->(ARRAY['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])
                              [extract(isodow FROM day)::integer]) shift
       WHERE NOT hours->'holidays' ? to_char(day, 'YYYY-MM-DD')
       ORDER BY shift
    $function$
;

CREATE OR REPLACE FUNCTION public.opening_at(hours jsonb, at timestamp with time zone, OUT is_open boolean, OUT changes_at timestamp with time zone)
 RETURNS record
 LANGUAGE plpgsql
 STABLE STRICT
AS $function$
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
    END $function$
;

CREATE OR REPLACE FUNCTION public.ticket_arrived()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
      END $function$
;

CREATE OR REPLACE FUNCTION public.wall_instant(zone text, wall timestamp without time zone)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE STRICT
AS $function$
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
    END $function$
;

CREATE TRIGGER evidence_changed AFTER UPDATE ON public.evidence FOR EACH ROW EXECUTE FUNCTION evidence_changed();

CREATE TRIGGER ticket_arrived AFTER INSERT ON public.ticket REFERENCING NEW TABLE AS new_ticket FOR EACH STATEMENT EXECUTE FUNCTION ticket_arrived();
