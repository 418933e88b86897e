import { useCallback, useEffect, useRef, useState } from 'react';

export type Tab = 'asking' | 'mine' | 'elsewhere';

/**
 * Lets one tab of this browser have something at a time. A second one is told 'elsewhere', may take it over, and gets it
 * by itself when the first is closed. By Web Locks; where a browser has none (pages over plain http that are not on this
 * machine), the tab that was opened last has it.
 */
export function useOneTab(name: string): { tab: Tab; takeOver: () => void } {
  const [tab, setTab] = useState<Tab>('asking');
  const ask = useRef<(steal: boolean) => void>(() => undefined);

  useEffect(() => {
    const claim = navigator.locks ? byLocks : byMessages;
    const held = claim(name, setTab);
    ask.current = held.takeOver;
    return held.stop;
  }, [name]);
  return { tab, takeOver: useCallback(() => ask.current(true), []) };
}

interface Claim {
  takeOver(): void;
  stop(): void;
}

function byLocks(name: string, tell: (tab: Tab) => void): Claim {
  let letGo = () => {};
  let waiting = new AbortController();
  let isStopped = false;

  const hold = () => {
    if (isStopped) return undefined;
    tell('mine');
    return new Promise<void>((resolve) => (letGo = resolve));
  };
  const wait = () => {
    waiting = new AbortController();
    navigator.locks.request(name, { signal: waiting.signal }, hold).catch(lost);
  };
  const lost = (error: unknown) => {
    // Taken over by another tab, or we stopped waiting ourselves.
    if (isStopped || waiting.signal.aborted || (error as Error).name !== 'AbortError') return;
    tell('elsewhere');
    wait();
  };
  navigator.locks
    .request(name, { ifAvailable: true }, (lock) => {
      if (lock) return hold();
      if (isStopped) return undefined;
      tell('elsewhere');
      wait();
      return undefined;
    })
    .catch(lost);
  return {
    takeOver() {
      waiting.abort();
      waiting = new AbortController();
      navigator.locks.request(name, { steal: true }, hold).catch(lost);
    },
    stop() {
      isStopped = true;
      waiting.abort();
      letGo();
    },
  };
}

function byMessages(name: string, tell: (tab: Tab) => void): Claim {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', () => tell('elsewhere'));
  const take = () => {
    channel.postMessage('mine');
    tell('mine');
  };
  take();
  return { takeOver: take, stop: () => channel.close() };
}
