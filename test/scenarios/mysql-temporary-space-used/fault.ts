import { temporarySpaceUsed } from "../faults/temporary-space.ts";

export const scenario = temporarySpaceUsed("mysql");
