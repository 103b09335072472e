import { ioPressure } from "../../facts/io-pressure.ts";
import type { View } from "../../facts/view.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitFamilyDrafts } from "../wait-family-draft.ts";
import { checkpointDrafts } from "./checkpoint-draft.ts";
import { redoStallDrafts } from "./redo-stall-draft.ts";
import { storageStallDrafts } from "./storage-stall-draft.ts";

/** Each looks for one thing that writes wait for. */
const kinds: readonly ((view: View) => readonly FindingDraft[])[] = [
  storageStallDrafts,
  redoStallDrafts,
  checkpointDrafts,
];

export const writeStall = defineRule({
  id: "write-stall",
  spec: ["D4", "M1", "P7", "P28"],
  category: "resources",
  title: "Writes wait for storage, for room in the log, or for checkpoints that come too often",
  needs: [
    "WriteIOPS",
    "WriteLatency",
    "DiskQueueDepth",
    "mysql-engine-state",
    "mysql-innodb-rates",
    "mysql-wait-profile",
    "postgres-database-rates-writer",
    "postgres-settings",
  ],
  evaluate: (view) => {
    const stalls = kinds.flatMap((drafts) => drafts(view));
    // Storage at a limit says more of it.
    const short = stalls.length > 0 || (ioPressure(view)?.severity ?? "P3") !== "P3";
    return short ? stalls : waitFamilyDrafts(view, "write-stall");
  },
});
