import { registerEnumType } from '@nestjs/graphql';

/** What becomes of an item whose deadline passes unanswered. */
export enum OnDeadline {
  CONFIRM = 'CONFIRM',
  REJECT = 'REJECT',
  STAY_OPEN = 'STAY_OPEN',
}
registerEnumType(OnDeadline, {
  name: 'OnDeadline',
  valuesMap: {
    CONFIRM: { description: 'The output stands, as if confirmed.' },
    REJECT: { description: 'The output falls, as if rejected without a correction.' },
    STAY_OPEN: { description: 'It waits on, overdue.' },
  },
});
