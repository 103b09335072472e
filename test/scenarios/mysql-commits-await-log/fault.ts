import { commitsAwaitLog } from "../faults/commits-await-log.ts";

export const scenario = commitsAwaitLog("mysql");
