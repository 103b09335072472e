import { afterCrash } from "../faults/after-crash.ts";

export const scenario = afterCrash(
  "A crash has emptied the cache: lookups all over a table come from storage, which is slow for it",
  "all rows",
);
