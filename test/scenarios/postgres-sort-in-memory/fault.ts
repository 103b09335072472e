import { sortedRanking } from "../faults/sorted-ranking.ts";

export const scenario = sortedRanking(
  "Look-alike: the same ranking with memory enough sorts without touching the disk",
  "128MB",
);
