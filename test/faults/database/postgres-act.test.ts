import { postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { cronAvailability } from "../../lab/engines/postgres-cron.ts";
import { actSuite } from "./act-suite.ts";
import { ofCron, statementRows } from "./fault-table.ts";
import { postgresCronWorld, postgresWorld } from "./postgres-world.ts";

describeEngine("actions on PostgreSQL by a way that breaks", await postgresAvailability(17), () =>
  actSuite(
    postgresWorld,
    statementRows.postgres.filter(([step]) => step !== ofCron),
  ),
);

describeEngine("jobs of pg_cron by a way that breaks", await cronAvailability(), () =>
  actSuite(
    postgresCronWorld,
    statementRows.postgres.filter(([step]) => step === ofCron),
  ),
);
