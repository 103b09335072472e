import { slowAutovacuum } from "../faults/slow-autovacuum.ts";

export const scenario = slowAutovacuum(
  "The only autovacuum worker crawls through one table while another, scanned all the time, fills with dead rows",
  "wait",
);
