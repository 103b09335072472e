import { leadingWildcard } from "../faults/leading-wildcard.ts";

export const scenario = leadingWildcard("mariadb");
