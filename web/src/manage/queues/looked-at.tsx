import { Link } from 'wouter';

import { Text } from '../../evidence/text.js';
import type { RubricField } from '../asked.js';
import { hoursDraftOf } from './deadline-draft.js';
import type { QueueSetup } from './operations.js';
import { Preview } from './rubric-editor.js';
import { at, ENDS, sayHours, sayStep, type Step } from './say.js';
import { inWords } from './settings.js';

/** How a queue is set up, in sentences, for those who look on. */
export function LookedAt({ queue }: { queue: QueueSetup }) {
  return (
    <main className="manage">
      <div className="head">
        <Link href="/manage/queues">Queues</Link>
        <h1>{queue.name}</h1>
        <span className="quiet mono">{queue.key}</span>
      </div>
      <section className="panel looked-at" aria-label="Settings">
        <dl className="fields">
          {[...reviewsOf(queue), ...peopleOf(queue), ...deadlinesOf(queue)].map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Text text={text} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <Preview fields={queue.rubric.fields as RubricField[]} instructions={queue.instructions} />
    </main>
  );
}

type Said = [name: string, text: string];

function reviewsOf(queue: QueueSetup): Said[] {
  const { reviewsRequired, reviewsMax, agreementBar, leaseSeconds, reviseWithinSeconds } = queue;
  const most = reviewsMax !== null && reviewsMax > reviewsRequired ? `, up to ${reviewsMax} where they disagree` : '';
  const bar = agreementBar > 0.5 ? `${Math.round(agreementBar * 100)} % of them agree` : 'more than half of them agree';
  return [
    ['Reviews of each item', `${reviewsRequired}${most}`],
    ['An item is resolved when', reviewsRequired === 1 && !most ? 'its review is in' : bar],
    ['A reviewer holds an item for', inWords(leaseSeconds)],
    ['Answers may be changed', reviseWithinSeconds === 0 ? 'never' : `for ${inWords(reviseWithinSeconds)}`],
    [
      'Before they answered, reviewers do not see',
      [...(queue.blind ? ['what others said'] : []), ...(queue.hidesSignals ? ['what the system thought'] : [])].join(
        ', nor ',
      ) || 'nothing: all is shown',
    ],
    ['Skipping', queue.skipReasonRequired ? 'needs a reason' : 'needs no reason'],
  ];
}

function peopleOf({ skills, relaxSkillsAfterSeconds: relax, separateGroups }: QueueSetup): Said[] {
  const later = skills.length > 0 && relax !== null ? `; anybody after ${inWords(relax)}` : '';
  return [
    ['Skills that a reviewer needs', `${skills.join(', ') || 'none'}${later}`],
    ['Items of one conversation or customer', separateGroups ? 'go to different people' : 'may go to one person'],
  ];
}

function deadlinesOf(queue: QueueSetup): Said[] {
  const { slaSeconds, onDeadline, onDeadlineAfterSeconds: after } = queue;
  const end = ENDS[onDeadline];
  const steps = (queue.deadlineSteps as Step[]).map(sayStep);
  return [
    ['Deadline', slaSeconds === null ? 'none' : `${inWords(slaSeconds)} after an item arrives`],
    ['What time counts', sayHours(hoursDraftOf(queue.hours))],
    ['When an item is overdue', [...steps, ...(end ? [`${at(after)}: ${end}`] : [])].join('\n') || 'it waits on'],
  ];
}
