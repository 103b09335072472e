import { scanCutByTimeout } from "../faults/scan-cut-by-timeout.ts";

export const scenario = scanCutByTimeout("mariadb");
