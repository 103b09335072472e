import { redoTooSmall } from "../faults/redo.ts";

export const scenario = redoTooSmall("mariadb");
