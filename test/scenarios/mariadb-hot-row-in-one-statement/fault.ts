import { hotRowInOneStatement } from "../faults/hot-row-kinds.ts";

export const scenario = hotRowInOneStatement("mariadb");
