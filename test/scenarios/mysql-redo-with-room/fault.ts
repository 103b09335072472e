import { redoWithRoom } from "../faults/redo.ts";

export const scenario = redoWithRoom("mysql");
