import { runningUpdateBlocks } from "../faults/running-update-blocks.ts";

export const scenario = runningUpdateBlocks("mariadb");
