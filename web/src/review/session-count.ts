const WINDOW_MS = 15 * 60_000;

/** How many items this page has seen finished, and how fast. */
export class Session {
  private times: number[] = [];

  get done(): number {
    return this.times.length;
  }

  count(): void {
    this.times = [...this.times, Date.now()];
  }

  uncount(): void {
    this.times = this.times.slice(0, -1);
  }

  /** Items an hour over the last quarter of an hour; null before there is enough to tell. */
  get perHour(): number | null {
    const recent = this.times.filter((time) => time > Date.now() - WINDOW_MS);
    const span = (recent.at(-1) ?? 0) - (recent[0] ?? 0);
    return recent.length < 4 || span < 20_000 ? null : Math.round(((recent.length - 1) / span) * 3_600_000);
  }
}
