import { registerEnumType } from '@nestjs/graphql';

/** What a reviewer may see of an item besides its evidence, and could be swayed by. */
export enum Shown {
  PEERS = 'PEERS',
  CONFIDENCE = 'CONFIDENCE',
  RISK = 'RISK',
  SIGNALS = 'SIGNALS',
  REASONS = 'REASONS',
  RULE = 'RULE',
}
registerEnumType(Shown, {
  name: 'Shown',
  description: 'What a reviewer could see of an item besides its evidence.',
  valuesMap: {
    PEERS: { description: "Others' reviews, as far as there were any." },
    CONFIDENCE: { description: "The system's own confidence." },
    RISK: { description: 'The risk level.' },
    SIGNALS: { description: 'What the app measured.' },
    REASONS: { description: 'Why the app flagged it.' },
    RULE: { description: 'The rule of the policy that chose the queue.' },
  },
});

/**
 * What a claim shows, by its queue `q`. It is written down with the lease and holds for as long, so that a setting that
 * is changed meanwhile makes no review lie about what its author saw.
 */
export const shownSql = (q: string): string => `
         CASE WHEN ${q}.blind THEN '{}' ELSE '{PEERS}' END::text[]
         || CASE WHEN ${q}.hides_signals THEN '{}' ELSE '{CONFIDENCE,RISK,SIGNALS,REASONS,RULE}' END::text[]`;
