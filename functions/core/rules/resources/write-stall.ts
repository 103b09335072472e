import { defineRule } from "../define.ts";
import { checkpointDrafts } from "./checkpoint-draft.ts";

export const writeStall = defineRule({
  id: "write-stall",
  spec: ["D4", "P7"],
  category: "resources",
  title: "Writes are held up because changed pages have to reach storage first",
  needs: ["postgres-database-rates-writer", "postgres-settings"],
  evaluate: (view) => checkpointDrafts(view),
});
