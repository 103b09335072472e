import { documentSearch } from "../faults/document-without-index.ts";

export const scenario = documentSearch(
  "Documents are looked up by one of their members through their GIN index: busy, and well",
  true,
);
