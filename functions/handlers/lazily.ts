/** A Lambda handler whose adapters are wired on the first event and kept for the next ones. */
export function lazily<Result>(
  make: () => Promise<(event: unknown) => Promise<Result>>,
): (event: unknown) => Promise<Result> {
  let made: Promise<(event: unknown) => Promise<Result>> | undefined;
  return async (event) => {
    made ??= make();
    try {
      return await (await made)(event);
    } catch (error) {
      // Wiring that failed (a secret not readable yet) is tried again with the next event.
      await made.catch(() => {
        made = undefined;
      });
      throw error;
    }
  };
}
