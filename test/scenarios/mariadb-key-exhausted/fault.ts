import { keyExhausted } from "../faults/key-exhausted.ts";

export const scenario = keyExhausted("mariadb");
