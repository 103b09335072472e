import { capacityOf } from "../diagnosis/capacity.ts";
import {
  countsByState,
  describeGroup,
  freeIdleConnections,
  largestFirst,
} from "../diagnosis/connection-groups.ts";
import { percent } from "../diagnosis/wording.ts";
import { defineRule } from "./define.ts";

export const connectionsNearLimit = defineRule({
  id: "connections-near-limit",
  spec: ["D4"],
  category: "connections",
  title: "Few connection slots are left",
  needs: ["postgres-server", "mysql-server", "postgres-connections", "mysql-connections"],
  evaluate: (view) => {
    const capacity = capacityOf(view);
    if (capacity === null || (capacity.level !== "warn" && capacity.level !== "critical")) return [];
    const { used, usable, max } = capacity;
    const groups = largestFirst(view.connections ?? []);
    return [
      {
        subject: "",
        severity: capacity.level === "critical" ? "P1" : "P2",
        confidence: 0.95,
        summary: `${used} of ${usable} usable connections are taken (${percent(used, usable)}): ${countsByState(groups)}`,
        evidence: [
          { source: "server", says: `max_connections ${max}, ${max - usable} of them reserved` },
          ...groups.slice(0, 3).map((group) => ({ source: "connections", says: describeGroup(group) })),
        ],
        explains: [],
        actions: freeIdleConnections(view),
      },
    ];
  },
});
