import { preparedStatementsFull } from "../faults/prepared-statements.ts";

export const scenario = preparedStatementsFull("mariadb");
