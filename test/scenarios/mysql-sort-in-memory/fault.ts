import { sortMerges } from "../faults/sort-merges.ts";

export const scenario = sortMerges("mysql", "A ranking sorts in memory, now and then", 4_194_304);
