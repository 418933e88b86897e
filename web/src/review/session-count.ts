import { readJson } from './kept-work.js';

const WINDOW_MS = 15 * 60_000;
/** Whoever is away for longer begins another streak. */
const BREAK_MS = 5 * 60_000;
const MOST_KEPT = 5_000;

interface Finished {
  readonly at: number;
  /** False for what was skipped or left to others. */
  readonly isAnswer: boolean;
}

/** How many items this tab has seen finished, how fast, and how many in a row. It lasts as long as the tab. */
export class Session {
  private readonly key: string;
  private finished: readonly Finished[];

  constructor(member: string) {
    this.key = `countersign:session:${member}`;
    this.finished = readJson<Finished[]>(this.key, sessionStorage) ?? [];
  }

  get done(): number {
    return this.finished.filter(({ isAnswer }) => isAnswer).length;
  }

  count(isAnswer: boolean): void {
    this.keep([...this.finished, { at: Date.now(), isAnswer }].slice(-MOST_KEPT));
  }

  uncount(): void {
    this.keep(this.finished.slice(0, -1));
  }

  /** Answers one after the other: none skipped between them, and no long break. */
  get streak(): number {
    let length = 0;
    let next = Date.now();
    for (const { at, isAnswer } of this.finished.toReversed()) {
      if (!isAnswer || next - at > BREAK_MS) break;
      length += 1;
      next = at;
    }
    return length;
  }

  /** Items an hour over the last quarter of an hour; null before there is enough to tell. */
  get perHour(): number | null {
    const recent = this.finished.map(({ at }) => at).filter((time) => time > Date.now() - WINDOW_MS);
    const span = (recent.at(-1) ?? 0) - (recent[0] ?? 0);
    return recent.length < 4 || span < 20_000 ? null : Math.round(((recent.length - 1) / span) * 3_600_000);
  }

  private keep(finished: readonly Finished[]): void {
    this.finished = finished;
    try {
      sessionStorage.setItem(this.key, JSON.stringify(finished));
    } catch {
      // No room: it is counted as long as the page is open.
    }
  }
}
