interface Stoppable {
  stop(): unknown;
}

/** What was opened is stopped last first, all of it, also when stopping one fails; the first failure is told then. */
export function inReverse() {
  const stack: Stoppable[] = [];
  return {
    opened: <T extends Stoppable>(one: T): T => {
      stack.push(one);
      return one;
    },
    close: async (): Promise<void> => {
      const failures: unknown[] = [];
      for (const one of stack.splice(0).reverse()) {
        try {
          await one.stop();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
