import { temporarySpaceFull } from "../faults/temporary-space.ts";

export const scenario = temporarySpaceFull();
