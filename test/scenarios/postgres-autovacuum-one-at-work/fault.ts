import { slowAutovacuum } from "../faults/slow-autovacuum.ts";

export const scenario = slowAutovacuum(
  "The only autovacuum worker crawls through one table, and no other table wants one",
  "are clean",
);
