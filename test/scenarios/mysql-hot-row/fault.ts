import { hotRow } from "../faults/hot-row.ts";

export const scenario = hotRow("mysql");
