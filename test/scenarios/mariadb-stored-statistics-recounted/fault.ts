import { storedStatisticsRecounted } from "../faults/stored-statistics.ts";

export const scenario = storedStatisticsRecounted("mariadb");
