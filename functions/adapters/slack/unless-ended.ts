/** What `read` brings, or the signal's reason as soon as it strikes: whoever waits must not wait for a slow reader. */
export async function unlessEnded<T>(read: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return read();
  signal.throwIfAborted();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  const reading = read();
  // Whichever loses the race may still reject, with nobody left to listen.
  reading.catch(() => undefined);
  try {
    return await Promise.race([reading, ended]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
