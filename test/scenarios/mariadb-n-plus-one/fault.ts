import { nPlusOne } from "../faults/n-plus-one.ts";

export const scenario = nPlusOne("mariadb");
