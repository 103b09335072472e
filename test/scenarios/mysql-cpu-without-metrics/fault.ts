import { cpuWithoutMetrics } from "../faults/cpu-without-metrics.ts";

export const scenario = cpuWithoutMetrics("mysql");
