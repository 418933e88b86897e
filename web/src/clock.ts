import { useEffect, useState } from 'react';

/** How far the service's clock is ahead of this machine's. Deadlines and leases are told by the service's. */
let aheadMs = 0;

/** Learns from the Date header of an answer; it has whole seconds, so half a second is added. */
export function learnTime(response: Response): void {
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(date)) return;
  const ahead = date + 500 - Date.now();
  if (Math.abs(ahead - aheadMs) > 1_000) aheadMs = ahead;
}

/** The service's time in milliseconds. */
export function now(): number {
  return Date.now() + aheadMs;
}

/** The service's time, as of the last tick. */
export function useNow(everyMs: number): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    setTime(now());
    const timer = setInterval(() => setTime(now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return time;
}

/** As people write it here: 14:32. */
export function timeOf(instant: string | number): string {
  return new Date(instant).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
