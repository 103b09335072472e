import { historyListOfTwoReaders } from "../faults/history-list.ts";

export const scenario = historyListOfTwoReaders("mysql");
