import { useEffect, useRef, useState } from 'react';

import { ApiError, apiError, ask, graphql } from '../graphql.js';

const ApplySetup = graphql(`
  mutation ApplySetup($input: ApplySetupInput!) {
    applySetup(input: $input) {
      hash
      applied
      changes {
        kind
        key
        what
        differences
      }
    }
  }
`);

/** What would change, as the service says before it is done. */
export interface Plan {
  hash: string;
  changes: { kind: string; key: string; what: string; differences: string[] }[];
}

/** One thing that is wrong with what was written, and where. */
export interface Fault {
  path: (string | number)[];
  message: string;
  line?: number;
  column?: number;
}

export interface Planned {
  /** Null while it is not known, or there are faults. */
  plan: Plan | null;
  faults: Fault[];
  error: ApiError | null;
}

const PAUSE_MS = 350;
const UNKNOWN: Planned = { plan: null, faults: [], error: null };

/** Has the service check what is being written: some time after the last keystroke. Null: there is nothing to check. */
export function usePlan(document: object | null): Planned {
  const [planned, setPlanned] = useState<Planned>(UNKNOWN);
  const latest = useRef(0);
  const key = document && JSON.stringify(document);
  useEffect(() => {
    const mine = ++latest.current;
    if (key === null) {
      setPlanned(UNKNOWN);
      return undefined;
    }
    setPlanned((now) => ({ ...now, plan: null }));
    const timer = setTimeout(() => {
      void planOf(JSON.parse(key) as object).then((answer) => mine === latest.current && setPlanned(answer));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return planned;
}

export async function planOf(document: object): Promise<Planned> {
  try {
    const { applySetup } = await ask(ApplySetup, { input: { document, dryRun: true } });
    return { plan: applySetup, faults: [], error: null };
  } catch (failure) {
    const error = apiError(failure);
    const faults = faultsOf(error);
    return { plan: null, faults, error: faults.length > 0 ? null : error };
  }
}

export function faultsOf({ details }: ApiError): Fault[] {
  return Array.isArray(details.faults) ? (details.faults as Fault[]) : [];
}

/** Makes these changes and no others: refused when the plan would no longer be this one. */
export async function carryOut(document: object, hash: string): Promise<void> {
  await ask(ApplySetup, { input: { document, dryRun: false, expectedHash: hash } });
}

/** The faults whose path begins so. */
export function faultsAt(faults: Fault[], ...path: (string | number)[]): Fault[] {
  return faults.filter((fault) => path.every((step, i) => fault.path[i] === step));
}
