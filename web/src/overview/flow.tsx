import { Chart } from './chart.js';
import type { Trends } from './operations.js';
import { sumsOf, weeksOf } from './weeks.js';
import { count, duration, durationTicks } from './words.js';

/** What comes against what goes, and how long it takes. */
export function Flow({ trends: { days }, isLong }: { trends: Trends; isLong: boolean }) {
  const each = days.map(({ day }) => Date.parse(day));
  const starts = isLong ? weeksOf(each) : each;
  const sums = (values: number[]) => sumsOf(starts, each, values);
  return (
    <div className="charts">
      <Chart
        title={`Arrived and answered, by ${isLong ? 'week' : 'day'}`}
        days={starts}
        series={[
          { name: 'Arrived', kind: 'bars', values: sums(days.map(({ arrived }) => arrived)) },
          { name: 'Answered', values: sums(days.map(({ resolved }) => resolved)) },
        ]}
        format={count}
        nothing="Nothing arrived and nothing was answered in this time."
      />
      <Chart
        title="From arrival to the final answer, by day"
        days={each}
        series={[
          { name: 'Median', values: days.map(({ resolutionMedianMs }) => resolutionMedianMs) },
          { name: 'Nine of ten within', values: days.map(({ resolutionP90Ms }) => resolutionP90Ms) },
        ]}
        format={duration}
        ticks={durationTicks}
        nothing="Nothing was answered in this time."
      />
    </div>
  );
}
