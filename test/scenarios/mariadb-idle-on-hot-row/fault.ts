import { idleOnHotRow } from "../faults/hot-row-kinds.ts";

export const scenario = idleOnHotRow("mariadb");
