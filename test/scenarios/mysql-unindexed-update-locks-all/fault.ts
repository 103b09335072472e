import { unindexedUpdate } from "../faults/unindexed-update.ts";

export const scenario = unindexedUpdate("mysql");
