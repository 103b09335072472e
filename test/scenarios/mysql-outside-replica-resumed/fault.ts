import { about, defineOutside } from "../support/outside.ts";
import { minutesAgo } from "../support/rds.ts";

const replica = "scenario-ro";
const event = (minutes: number, message: string) => ({
  at: minutesAgo(minutes),
  subject: replica,
  source: "instance" as const,
  categories: ["read replica"],
  message,
});

export const scenario = defineOutside({
  engine: "mysql",
  title: "No way in; replication of the replica stopped at night and was resumed",
  others: [{ id: replica, role: "replica", replicaOf: "scenario-db" }],
  measured: () => [
    { id: "CPUUtilization", values: about(24), unit: "percent", day: 25, week: 23 },
    { id: "WriteIOPS", values: about(220), unit: "per-second", day: 230, week: 210 },
    { id: "WriteLatency", values: about(0.003), unit: "seconds", day: 0.003 },
  ],
  rds: () => ({
    events: [event(290, "Replication for the Read Replica resumed."), event(306, "Replication has stopped.")],
  }),
});
