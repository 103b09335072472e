import { about, defineOutside } from "../support/outside.ts";
import { minutesAgo } from "../support/rds.ts";

const replica = "scenario-ro";

export const scenario = defineOutside({
  engine: "mysql",
  title: "No way in; an event of the replica says that replication has stopped, its lag is not published",
  others: [{ id: replica, role: "replica", replicaOf: "scenario-db" }],
  measured: () => [
    { id: "CPUUtilization", values: about(24), unit: "percent", day: 25, week: 23 },
    { id: "WriteIOPS", values: about(220), unit: "per-second", day: 230, week: 210 },
    { id: "WriteLatency", values: about(0.003), unit: "seconds", day: 0.003 },
  ],
  rds: () => ({
    events: [
      {
        at: minutesAgo(14),
        subject: replica,
        source: "instance",
        categories: ["read replica"],
        message: "Replication has stopped.",
      },
    ],
  }),
});
