import * as z from "zod";

/** What rows of statement statistics have in common, whichever engine keeps them. */

export const measure = z.number().nonnegative();

/** Between two readings `intervalSeconds` apart. */
export const statementNow = {
  intervalSeconds: measure,
  callsPerSecond: measure,
  /** Sessions that were busy with it, on average. */
  averageSessions: measure,
  meanSeconds: measure.nullable(),
  /** Of the time of all statements in the interval. */
  percentOfTime: measure.nullable(),
};

/** Since the server began to count: not what happens now. */
export const statementTotals = {
  calls: measure,
  totalSeconds: measure,
  meanSeconds: measure,
  maxSeconds: measure,
  /** Of the time of all statements. */
  percentOfTime: measure,
};
