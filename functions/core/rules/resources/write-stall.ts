import type { View } from "../../facts/view.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { redoStallDrafts } from "./redo-stall-draft.ts";
import { storageStallDrafts } from "./storage-stall-draft.ts";

/** Each looks for one thing that writes wait for. */
const kinds: readonly ((view: View) => readonly FindingDraft[])[] = [storageStallDrafts, redoStallDrafts];

export const writeStall = defineRule({
  id: "write-stall",
  spec: ["D4", "M1", "P28"],
  category: "resources",
  title: "Writes wait for storage, or for room in the redo log",
  needs: [
    "WriteIOPS",
    "WriteLatency",
    "DiskQueueDepth",
    "mysql-engine-state",
    "mysql-innodb-rates",
    "mysql-wait-profile",
  ],
  evaluate: (view) => kinds.flatMap((drafts) => drafts(view)),
});
