import { twoXaLeft } from "../faults/xa-left.ts";

export const scenario = twoXaLeft("mysql");
