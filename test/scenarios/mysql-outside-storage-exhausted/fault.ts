import { defineOutside } from "../support/outside.ts";
import { event } from "../support/rds.ts";

const low =
  "The free storage capacity for DB instance: scenario-db is low at 9% of the provisioned storage [Provisioned Storage: 98.29 GB, Free Storage: 8.83 GB]. You may want to increase the provisioned storage to address this issue.";
const exhausted = "Allocated storage has been exhausted. Allocate additional storage to resolve.";
const stuck =
  "DB instance is in the cooling-off period for a previous scale storage operation. We're optimizing your DB instance. This takes at least 6 hours. No actions are necessary. Autoscaling will retry after the cooling-off period.";

export const scenario = defineOutside({
  engine: "mysql",
  title: "The database cannot be reached and its metrics have ended; RDS's events alone say why",
  look: "stopped",
  measured: () => [],
  rds: () => ({
    events: [
      event(84, ["low storage"], exhausted),
      event(97, ["failure"], stuck),
      event(130, ["low storage"], low),
    ],
  }),
});
