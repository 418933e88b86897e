import { type ApiError, apiError, ask } from '../graphql.js';
import { draftOf, type Work } from './answer.js';
import { isLoss } from './lease-keeper.js';
import { type Assignment, SaveDraft } from './operations.js';

const PAUSE_MS = 600;
const RETRY_MS = 3_000;

export type Saved = 'saved' | 'saving' | 'local';

interface Listener {
  onSaved(assignmentId: string, saved: Saved): void;
  onLost(assignmentId: string, error: ApiError): void;
}

/** Sends what is typed to the service as a draft: some time after the last keystroke, one request at a time. */
export class DraftSaver {
  private next: { assignment: Assignment; work: Work } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isSending = false;

  constructor(private readonly listener: Listener) {}

  save(assignment: Assignment, work: Work): void {
    // A draft of another item that still waits goes first.
    if (this.next && this.next.assignment.id !== assignment.id) void this.flush();
    this.next = { assignment, work };
    this.schedule(PAUSE_MS);
  }

  /** The item was finished: its draft need not be sent any more. */
  drop(assignmentId: string): void {
    if (this.next?.assignment.id === assignmentId) this.next = null;
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  async flush({ isLast = false } = {}): Promise<void> {
    clearTimeout(this.timer);
    const { next } = this;
    if (!next || (this.isSending && !isLast)) return;
    this.next = null;
    this.isSending = true;
    let pause = PAUSE_MS;
    const { assignment, work } = next;
    const { id: assignmentId, leaseToken, item } = assignment;
    this.listener.onSaved(assignmentId, 'saving');
    try {
      await ask(SaveDraft, { input: { assignmentId, leaseToken, ...draftOf(work, item.output) } }, { isLast });
      this.listener.onSaved(assignmentId, 'saved');
    } catch (error) {
      this.fail(next, apiError(error));
      pause = RETRY_MS * (1 + Math.random());
    }
    this.isSending = false;
    if (this.next) this.schedule(pause);
  }

  private fail(failed: { assignment: Assignment; work: Work }, error: ApiError): void {
    const { id } = failed.assignment;
    if (isLoss(error)) {
      this.listener.onSaved(id, error.details.draftKept === true ? 'saved' : 'local');
      this.listener.onLost(id, error);
      return;
    }
    this.listener.onSaved(id, 'local');
    if (error.isPassing) this.next ??= failed;
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }
}
