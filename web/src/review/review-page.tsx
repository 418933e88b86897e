import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

import { Link } from 'wouter';

import './desk.css';
import { isConnected, watchConnection } from '../live.js';
import { Notice } from '../notice.js';
import { Desk } from './desk.js';
import { EmptyPage } from './empty-page.js';
import { ItemDesk } from './item-desk.js';
import { KeyHelp } from './key-help.js';
import { useKeys } from '../keys.js';
import { useOneTab } from './one-tab.js';
import { Progress } from './progress.js';
import { QueueBar, useQueues } from './queue-bar.js';
import { Toasts } from './toast.js';

/** One desk for each reviewer and browser: a second tab says so and can take it over. */
export function ReviewPage({ memberId }: { memberId: string }) {
  const { tab, takeOver } = useOneTab(`countersign:desk:${memberId}`);
  if (tab === 'asking') return null;
  if (tab === 'mine') return <OpenDesk memberId={memberId} />;
  return (
    <Notice title="You are reviewing in another tab" action="Review here" onAction={takeOver}>
      <p>Two tabs would get in each other’s way. What you wrote there is kept and comes along.</p>
    </Notice>
  );
}

function OpenDesk({ memberId }: { memberId: string }) {
  const [desk] = useState(() => new Desk(memberId));
  const [queue, setQueue] = useState<string | null>(null);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const state = useSyncExternalStore(desk.subscribe, desk.snapshot);
  const isUp = useSyncExternalStore(watchConnection, isConnected);
  const queues = useQueues(useCallback(() => desk.look(), [desk]));

  useEffect(() => {
    void desk.start();
    return () => desk.stop();
  }, [desk]);
  const switchAvailable = () => void desk.setAvailable(!desk.snapshot().isAvailable);
  useKeys({ u: () => desk.undo(), p: switchAvailable, '?': () => setIsHelpOpen(true) });

  const choose = (key: string | null) => {
    setQueue(key);
    void desk.choose(key);
  };
  const { hand, empty, trouble, isAvailable } = state;
  const chosen = queues.find((one) => one.key === queue);
  const looked = chosen ? [chosen] : queues;
  const left = looked.reduce((sum, one) => sum + one.stats.open, 0);
  // What is held here is counted as well; an answer on its way may be counted a moment longer.
  const own = desk.heldIn(chosen?.key ?? null) + state.pending.length;
  const others = looked.reduce((sum, one) => sum + one.stats.leased, 0) - own;

  return (
    <>
      <section className="strip" aria-label="Your session">
        <QueueBar queues={queues} chosen={queue} onChoose={choose} />
        <span className="grow" />
        <Progress session={desk.session} left={left} others={others} />
        <button
          type="button"
          role="switch"
          className="available"
          aria-checked={isAvailable}
          title={isAvailable ? 'Work comes by itself. P: no more after this one' : 'No work comes. P: go on'}
          onClick={switchAvailable}
        >
          {isAvailable ? (
            'Available'
          ) : (
            <>
              <span className="sr">Available: </span>On a break
            </>
          )}
        </button>
        <Link href="/answered" className="answered-link">
          Answered
        </Link>
        <button type="button" className="plain" aria-label="Keys" onClick={() => setIsHelpOpen(true)}>
          <kbd>?</kbd>
        </button>
      </section>
      {!isUp && (
        <p className="offline" role="alert">
          No connection to the service. Go on: what you type is kept in this browser and sent when it is back.
        </p>
      )}
      {hand && !isAvailable && (
        <p className="aside quiet" role="status">
          This one is your last: nothing comes after it until you are available again.
        </p>
      )}
      {hand && isAvailable && chosen && hand.assignment.item.queue.key !== chosen.key && (
        <p className="aside quiet" role="status">
          You have begun this one; {chosen.name} comes next.
        </p>
      )}
      {hand ? (
        <ItemDesk key={hand.assignment.id} desk={desk} hand={hand} />
      ) : trouble ? (
        <Notice
          title={trouble.isPassing ? 'Waiting for the service' : 'That did not work'}
          action="Try again"
          onAction={() => desk.retry()}
        >
          <p>{trouble.message}</p>
        </Notice>
      ) : !isAvailable ? (
        <Notice title="You are taking a break" action="Go on" onAction={switchAvailable}>
          <p>Nothing comes to you, and nothing waits for you: others have it. What you answered is sent.</p>
        </Notice>
      ) : empty ? (
        <EmptyPage
          empty={empty}
          queue={chosen?.name ?? null}
          isSending={state.pending.length > 0}
          done={desk.session.done}
        />
      ) : (
        <main className="notice" aria-busy="true" />
      )}
      <Toasts desk={desk} state={state} isUp={isUp} />
      {isHelpOpen && <KeyHelp onClose={() => setIsHelpOpen(false)} />}
    </>
  );
}
