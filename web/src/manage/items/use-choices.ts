import { useEffect, useState } from 'react';
import type { ResultOf } from 'gql.tada';

import { ask } from '../../graphql.js';
import type { Who } from '../../session.js';
import { ChoicesQuery, MembersQuery } from './operations.js';

export interface Choices {
  queues: ResultOf<typeof ChoicesQuery>['queues'];
  /** Empty for whoever may not see them. */
  members: ResultOf<typeof MembersQuery>['members'];
}

export const mayManage = (who: Who): boolean => who.role === 'ADMIN' || who.role === 'MANAGER';

/** Queues and members, to choose from. Without them a page still works. */
export function useChoices(who: Who): Choices {
  const [choices, setChoices] = useState<Choices>({ queues: [], members: [] });
  const seesMembers = mayManage(who);
  useEffect(() => {
    const keep = (part: Partial<Choices>) => setChoices((all) => ({ ...all, ...part }));
    void ask(ChoicesQuery, {}).then(keep, () => undefined);
    if (seesMembers) void ask(MembersQuery, {}).then(keep, () => undefined);
  }, [seesMembers]);
  return choices;
}
