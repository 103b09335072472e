import { correlatedRank } from "../faults/correlated-rank.ts";

export const scenario = correlatedRank(
  "mariadb",
  "A ranking counts for each row all the rows above it",
  "large",
);
