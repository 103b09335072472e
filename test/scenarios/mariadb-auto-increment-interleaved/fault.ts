import { autoIncrementInterleaved } from "../faults/auto-increment-lock.ts";

export const scenario = autoIncrementInterleaved("mariadb");
