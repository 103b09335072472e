import { historyListBesideInnocent } from "../faults/history-list.ts";

export const scenario = historyListBesideInnocent("mysql");
