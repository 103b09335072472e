import { preparedStatementsCached } from "../faults/prepared-statements.ts";

export const scenario = preparedStatementsCached("mariadb");
