import { connectionLeak } from "../faults/connection-leak.ts";

export const scenario = connectionLeak("mariadb");
