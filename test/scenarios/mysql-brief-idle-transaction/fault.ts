import { briefIdleMysql } from "../faults/brief-idle-transaction.ts";

export const scenario = briefIdleMysql("mysql");
