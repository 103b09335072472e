import { sessionTakesMemory } from "../faults/session-memory.ts";

export const scenario = sessionTakesMemory("mysql");
