import { postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { actSuite } from "./act-suite.ts";
import { statementRows } from "./fault-table.ts";
import { postgresWorld } from "./postgres-world.ts";

describeEngine("actions on PostgreSQL by a way that breaks", await postgresAvailability(17), () =>
  actSuite(postgresWorld, statementRows.postgres),
);
