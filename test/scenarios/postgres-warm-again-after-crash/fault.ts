import { afterCrash } from "../faults/after-crash.ts";

export const scenario = afterCrash(
  "A crash a moment ago, and what the application wants is in the cache again",
  "a few rows",
);
