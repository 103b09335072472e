import { lockForestSchema } from "../../../contract/locks.ts";
import { defineRows } from "../../define-rows.ts";

export const postgresLocksAloneRows = defineRows({ id: "postgres-locks-alone", row: lockForestSchema });
