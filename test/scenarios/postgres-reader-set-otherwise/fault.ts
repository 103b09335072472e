import { aTopology } from "../../support/context-builder.ts";
import { defineScenario } from "../scenario.ts";
import { context, member } from "../support/rds.ts";

const values = [
  { name: "max_connections", value: "900" },
  { name: "rds.force_ssl", value: "1" },
];

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The reader that a failover would make the writer takes a third of its connections and requires no TLS: a note",
  make: async (stage) => {
    await stage.pgSessions(stage.number(2, 6), stage.application());
    return { culprits: [] };
  },
  context: () =>
    context({
      topology: aTopology({
        members: [
          member({ parameterGroups: [{ name: "shop-pg", status: "in-sync" }] }),
          member({
            id: "scenario-reader",
            role: "reader",
            parameterGroups: [{ name: "reports-pg", status: "in-sync" }],
          }),
        ],
        parameters: [
          { group: "shop-pg", values },
          { group: "reports-pg", values: [{ name: "max_connections", value: "300" }] },
        ],
      }),
    }),
});
