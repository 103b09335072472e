/**
 * The promise's own end, or a rejection with `late()` when the signal strikes first; `drop` then makes the work end
 * too.
 */
export async function before<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
  { drop, late }: { drop: () => void; late: () => Error },
): Promise<T> {
  if (signal.aborted) {
    drop();
    throw late();
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    drop();
    reject(late());
  };
  signal.addEventListener("abort", abort, { once: true });
  const working = work();
  // Whichever loses the race may still reject, with nobody left to listen.
  working.catch(() => undefined);
  try {
    return await Promise.race([working, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Strikes with the caller's own signal, and after so long at the latest. */
export function within(milliseconds: number, signal?: AbortSignal): AbortSignal {
  const deadline = AbortSignal.timeout(milliseconds);
  return signal ? AbortSignal.any([signal, deadline]) : deadline;
}
