import type { TestService } from './service.js';

/**
 * The service for a client that does as it is told: what is refused because all is busy is sent again. Two changes that
 * wait for each other in a circle are no such case; whoever meets one sees it.
 */
export function patient(service: TestService): TestService {
  const ask: TestService['ask'] = async <Data>(token: string | null, query: string, variables?: object) => {
    for (;;) {
      const answer = await service.ask<Data>(token, query, variables);
      const isBusy = answer.errors?.every(({ extensions: { code } }) => code === 'OVERLOADED') ?? false;
      if (!isBusy || answer.errors!.some(({ message }) => message.includes('met another'))) return answer;
    }
  };
  return {
    ...service,
    ask,
    async do<Data>(token: string | null, query: string, variables?: object) {
      const { data, errors } = await ask<Data>(token, query, variables);
      if (errors) throw new Error(JSON.stringify(errors, null, 2));
      return data;
    },
  };
}
