import { useEffect, useState } from 'react';

/** Time left, quietly: it counts by the second and speaks up only in the last minute. */
export function LeaseClock({ until }: { until: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((Date.parse(until) - now) / 1_000));
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <span className={seconds < 60 ? 'clock urgent' : 'clock'} title="Your hold on this item; it renews while you work">
      {text}
    </span>
  );
}
