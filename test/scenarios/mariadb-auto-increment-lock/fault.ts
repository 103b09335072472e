import { autoIncrementLock } from "../faults/auto-increment-lock.ts";

export const scenario = autoIncrementLock("mariadb");
