import { sortMerges } from "../faults/sort-merges.ts";

export const scenario = sortMerges("mariadb", "A ranking sorts far more than its sort buffer takes", 32_768);
