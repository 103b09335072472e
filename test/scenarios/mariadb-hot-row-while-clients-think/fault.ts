import { hotRowWhileClientsThink } from "../faults/hot-row-kinds.ts";

export const scenario = hotRowWhileClientsThink("mariadb");
