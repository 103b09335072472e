import { idleTransaction } from "../faults/idle-transaction.ts";

export const scenario = idleTransaction("mysql");
