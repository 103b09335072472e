import { briefIdlePostgres } from "../faults/brief-idle-transaction.ts";

export const scenario = briefIdlePostgres;
