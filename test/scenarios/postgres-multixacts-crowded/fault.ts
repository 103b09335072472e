import { keyShare } from "../faults/key-share.ts";

export const scenario = keyShare(
  "Rows are written that an open transaction and many others have locked FOR KEY SHARE: the cache of multixacts is crowded",
  true,
);
