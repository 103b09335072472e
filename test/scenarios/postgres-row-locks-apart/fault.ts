import { keyShare } from "../faults/key-share.ts";

export const scenario = keyShare(
  "Rows are written whose locks nobody shared: there is no multixact to look up",
  false,
);
