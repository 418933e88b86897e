import { built, type Program, run } from './built.js';
import { TEST_SECRET } from './service.js';

/** A service in a process of its own, which can be killed like one and started again under the same address. */
export interface KillableService {
  readonly origin: string;
  /** As the kernel does it: nothing is said, nothing is finished. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export async function startKillable(databaseUrl: string): Promise<KillableService> {
  const program = built('src/main.js');
  let running: Program | undefined;
  const start = async (port: number): Promise<number> => {
    running = run([program], {
      env: {
        DATABASE_URL: databaseUrl,
        COUNTERSIGN_SECRET: TEST_SECRET,
        COUNTERSIGN_LOG_LEVEL: 'error',
        PORT: String(port),
      },
    });
    return Number((await running.says(/is ready at http:\/\/127\.0\.0\.1:(\d+)/))[1]);
  };
  const port = await start(0);
  return {
    origin: `http://127.0.0.1:${port}`,
    async start() {
      await start(port);
    },
    async kill() {
      running?.child.kill('SIGKILL');
      await running?.ended;
    },
  };
}
