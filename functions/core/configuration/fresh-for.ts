import type { Clock } from "../ports.ts";

/** What was read a moment ago is not read again, and who asks at the same time waits for the same answer. */
export function freshFor<T>(
  msOf: (value: T) => number,
  clock: Clock,
  read: () => Promise<T>,
): () => Promise<T> {
  let last: { readonly value: T; readonly until: number } | null = null;
  let underWay: Promise<T> | null = null;
  const refresh = async (): Promise<T> => {
    try {
      const value = await read();
      last = { value, until: clock.now() + msOf(value) };
      return value;
    } finally {
      underWay = null;
    }
  };
  return async () => {
    if (last !== null && clock.now() < last.until) return last.value;
    underWay ??= refresh();
    return underWay;
  };
}
