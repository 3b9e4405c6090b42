/** Loaded into a server under measurement (`--import`): tells its own CPU time and heap over the IPC channel. */
export interface Probed {
  /** Milliseconds of user and system time, all threads together. */
  readonly cpuMs: number;
  /** Bytes, after a collection where one was asked for. */
  readonly heap: number;
  readonly rss: number;
}

export interface ProbeOrder {
  readonly collect: boolean;
}

process.on('message', ({ collect }: ProbeOrder) => {
  if (collect) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { heapUsed, rss } = process.memoryUsage();
  const told: Probed = { cpuMs: (user + system) / 1000, heap: heapUsed, rss };
  process.send?.(told);
});
// Listening for orders keeps nothing alive: the server stops as it would without us.
process.channel?.unref();
// A bench that was stopped roughly leaves no server running.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
