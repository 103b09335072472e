import { writerNameBehind } from "../faults/writer-name-behind.ts";

export const scenario = writerNameBehind("mysql");
