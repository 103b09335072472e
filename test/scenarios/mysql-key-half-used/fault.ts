import { keyHalfUsed } from "../faults/key-exhausted.ts";

export const scenario = keyHalfUsed("mysql");
