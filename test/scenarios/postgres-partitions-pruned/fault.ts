import { partitionedLookups } from "../faults/partitioned-lookups.ts";

export const scenario = partitionedLookups(
  "As many sessions ask the same partitioned table with the partition key: each statement locks one partition",
  true,
);
