/** The embedded server in a process of its own: `node embedded-program.mjs MODULE DATA_DIR`. */
const { EmbeddedServer } = await import(process.argv[2]);
const say = (line) => process.stdout.write(`${line}\n`);
try {
  const server = await EmbeddedServer.start({
    dataDir: process.argv[3],
    onNotice: (message) => say(`notice: ${message}`),
    onLost: (reason) => {
      say(`lost: ${reason}`);
      process.exit(1);
    },
  });
  server.announce('http://the.service');
  process.on('SIGTERM', async () => {
    await server.stop();
    say('stopped');
    process.exit(0);
  });
  say(`up ${server.url} at`);
  setInterval(() => undefined, 60_000);
} catch (error) {
  say(`refused: ${error.name}: ${error.message}`);
  process.exit(1);
}
