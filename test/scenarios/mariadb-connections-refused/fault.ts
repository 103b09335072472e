import { connectionsRefused } from "../faults/connections-refused.ts";

export const scenario = connectionsRefused("mariadb");
