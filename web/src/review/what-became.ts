const BECAME: Readonly<Record<string, string>> = {
  EXPIRED: 'Your hold ran out.',
  SUBMITTED: 'You have answered this one elsewhere, on another device or page.',
  RELEASED: 'You have given this one back elsewhere.',
  SKIPPED: 'You have skipped this one elsewhere.',
  ESCALATED: 'You have escalated this one elsewhere.',
};

/** What has become of an assignment that is no longer held, as a sentence. */
export function whatBecame(status: string): string {
  return BECAME[status] ?? 'You no longer hold this one.';
}

/** Whether this reviewer has dealt with it somewhere else. */
export function isDealtWith(status: string): boolean {
  return status !== 'EXPIRED' && status in BECAME;
}
