import { mariadbAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { startMariadb } from "../../lab/engines/mariadb-server.ts";
import { actSuite } from "./act-suite.ts";
import { statementRows } from "./fault-table.ts";
import { mysqlWorld } from "./mysql-world.ts";

describeEngine("actions on MariaDB by a way that breaks", await mariadbAvailability(), () =>
  actSuite(() => mysqlWorld(() => startMariadb()), statementRows.mariadb),
);
