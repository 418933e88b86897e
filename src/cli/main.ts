import { Command, type Option } from 'commander';

import { register as apply } from './apply.js';
import { register as demo } from './demo.js';
import { register as diff } from './diff.js';
import { register as exportCases } from './export.js';
import { register as flag } from './flag.js';
import { register as gate } from './gate.js';
import { register as push } from './push.js';
import { register as token } from './token.js';
import { register as verifyLog } from './verify-log.js';
import { register as watch } from './watch.js';
import { report } from './failure.js';

// One line a command, one file a command.
const commands: ((program: Command) => void)[] = [
  apply,
  flag,
  watch,
  exportCases,
  push,
  diff,
  gate,
  verifyLog,
  token,
  demo,
];

const ENVIRONMENT = `
Environment:
  COUNTERSIGN_URL      where the service is (default http://127.0.0.1:4400)
  COUNTERSIGN_API_KEY  the key to act with

Exit codes: 0 done, 1 failed, 2 wrong usage.`;

/** An option that is given twice is a mistake, of which the last would win in silence. */
function refuseTwice(command: Command): void {
  for (const option of command.options.filter((one) => !gathers(one))) {
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) command.error(`error: option '${option.flags}' is given twice`);
      isGiven = true;
    });
  }
}

/** Takes one or more values, or begins with a list. */
const gathers = ({ variadic, defaultValue }: Option) => variadic || Array.isArray(defaultValue);

/** Runs one command line, without the program's name, and returns the exit code. */
export async function main(args: readonly string[], version: string): Promise<number> {
  const program = new Command('countersign')
    .description('Human review for risky AI outputs.')
    .version(version)
    .addHelpText('after', ENVIRONMENT)
    .showHelpAfterError('(--help shows how)')
    .exitOverride();
  for (const register of commands) register(program);
  for (const command of program.commands) refuseTwice(command);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return report(error);
  }
}
