import { correlatedRank } from "../faults/correlated-rank.ts";

export const scenario = correlatedRank(
  "mysql",
  "Look-alike: the same ranking of a few rows now and then is all that runs",
  "small",
);
