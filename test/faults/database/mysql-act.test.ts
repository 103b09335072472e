import { mysqlAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { startMysql } from "../../lab/engines/mysql-server.ts";
import { actSuite } from "./act-suite.ts";
import { statementRows } from "./fault-table.ts";
import { mysqlWorld } from "./mysql-world.ts";

describeEngine("actions on MySQL by a way that breaks", await mysqlAvailability(), () =>
  actSuite(() => mysqlWorld(() => startMysql()), statementRows.mysql),
);
