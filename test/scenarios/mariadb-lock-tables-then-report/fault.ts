import { lockTablesThenReport } from "../faults/lock-tables-then-report.ts";

export const scenario = lockTablesThenReport("mariadb");
