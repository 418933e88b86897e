/** When the weeks begin of which the last ends with the last day; the first may be shorter. */
export function weeksOf(days: readonly number[]): number[] {
  return days.filter((_, i) => i === 0 || (days.length - i) % 7 === 0);
}

/** Sums of `values`, one for each day, over the time from each start to before the next. */
export function sumsOf(starts: readonly number[], days: readonly number[], values: readonly number[]): number[] {
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? Number.POSITIVE_INFINITY;
    return values.reduce((sum, value, j) => (days[j]! >= start && days[j]! < end ? sum + value : sum), 0);
  });
}
