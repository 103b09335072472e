import { flushBehindReport } from "../faults/flush-behind-report.ts";

export const scenario = flushBehindReport("mysql");
