import { sessionSchema } from "../../contract/session.ts";
import { defineRows } from "../define-rows.ts";

export const mysqlSessionsAloneRows = defineRows({ id: "mysql-sessions-alone", row: sessionSchema });
