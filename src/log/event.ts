/** One change of state as the log holds it. `data` carries ids and small facts, never payloads. */
export interface LogEvent {
  readonly projectId: number;
  /** Dense per project, from 1. */
  readonly seq: number;
  readonly kind: string;
  /** `member:<uuid>`, `key:<key id>` or `system`. */
  readonly actor: string;
  readonly itemId: string | null;
  readonly queueId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** When the change was made, by the database's clock. */
  readonly at: Date;
}

/** What a change of state hands to the log in its own transaction; the sequencer gives it its place. */
export interface NewEvent {
  readonly projectId: number;
  readonly kind: string;
  readonly actor: string;
  readonly itemId?: string;
  readonly queueId?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}
