import type { View } from "../../facts/view.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { classLimitDrafts } from "./class-limit-draft.ts";
import { refusedLimitDrafts } from "./refused-limit-draft.ts";
import { serverLimitDrafts } from "./server-limit-draft.ts";

/** Each looks at limits of one kind. */
const kinds: readonly ((view: View) => readonly FindingDraft[])[] = [
  refusedLimitDrafts,
  serverLimitDrafts,
  classLimitDrafts,
];

export const instanceLimitReached = defineRule({
  id: "instance-limit-reached",
  spec: ["D4", "M1", "P28"],
  category: "resources",
  title: "A limit of the server or of its class is reached, and more is refused or slowed",
  needs: [
    "connection",
    "postgres-relation-locks",
    "mysql-limits",
    "mysql-innodb-rates",
    "ReadThroughput",
    "WriteThroughput",
    "NetworkReceiveThroughput",
    "NetworkTransmitThroughput",
  ],
  evaluate: (view) => kinds.flatMap((drafts) => drafts(view)),
});
