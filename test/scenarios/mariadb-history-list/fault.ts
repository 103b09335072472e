import { historyList } from "../faults/history-list.ts";

export const scenario = historyList("mariadb");
