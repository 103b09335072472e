import { deadlocks } from "../faults/deadlocks.ts";

export const scenario = deadlocks("mariadb");
