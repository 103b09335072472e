import { partitionedLookups } from "../faults/partitioned-lookups.ts";

export const scenario = partitionedLookups(
  "A lookup without the partition key locks every partition and index: sessions queue for the lock manager",
  false,
);
