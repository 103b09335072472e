interface Work {
  readonly calls: number;
  readonly seconds: number;
}

/** A server's clock may stand still or go back a little between two readings; rates need time to have passed. */
export function secondsBetween(
  first: { readonly atSeconds: number },
  second: { readonly atSeconds: number },
): number {
  return Math.max(0.001, second.atSeconds - first.atSeconds);
}

/** @param all what all statements did in the same interval */
export function workNow({ calls, seconds }: Work, intervalSeconds: number, all: Pick<Work, "seconds">) {
  return {
    intervalSeconds,
    callsPerSecond: calls / intervalSeconds,
    averageSessions: seconds / intervalSeconds,
    meanSeconds: calls === 0 ? null : seconds / calls,
    percentOfTime: all.seconds === 0 ? null : (100 * seconds) / all.seconds,
  };
}

/** @param all what all statements did since the server began to count */
export function workInAll(
  { calls, seconds, maxSeconds }: Work & { readonly maxSeconds: number },
  all: Pick<Work, "seconds">,
) {
  return {
    calls,
    totalSeconds: seconds,
    meanSeconds: calls === 0 ? 0 : seconds / calls,
    maxSeconds,
    percentOfTime: all.seconds === 0 ? 0 : (100 * seconds) / all.seconds,
  };
}
