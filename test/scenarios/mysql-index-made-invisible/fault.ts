import { indexHidden } from "../faults/index-hidden.ts";

export const scenario = indexHidden("mysql");
