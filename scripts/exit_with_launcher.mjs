// Loaded into the server by `node --import`. The pipe to the launcher closes when the launcher ends, kill -9
// included, and a server without one would hold the port against the next start.
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening must not be what keeps a server alive that has finished.
  process.channel.unref();
}
