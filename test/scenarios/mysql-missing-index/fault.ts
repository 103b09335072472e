import { missingIndex } from "../faults/missing-index.ts";

export const scenario = missingIndex("mysql");
