import { documentSearch } from "../faults/document-without-index.ts";

export const scenario = documentSearch(
  "Documents are looked up by one of their members, and no GIN index leads to them",
  false,
);
