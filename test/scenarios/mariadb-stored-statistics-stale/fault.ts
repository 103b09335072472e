import { storedStatisticsStale } from "../faults/stored-statistics.ts";

export const scenario = storedStatisticsStale("mariadb");
