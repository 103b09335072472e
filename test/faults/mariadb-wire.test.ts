import { mariadbAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import { startMariadb } from "../lab/engines/mariadb-server.ts";
import { openSessions } from "../lab/engines/sql.ts";
import {
  faultsOfConnecting,
  faultsOfQuestions,
  halfAnswers,
  mariadbDialect,
  mariadbQuestions,
} from "./wire-faults.ts";
import { wireSuite } from "./wire-suite.ts";

async function start() {
  const server = await startMariadb();
  return { server, bystanders: await openSessions(server, 3) };
}

describeEngine("MariaDB behind faults on the wire", await mariadbAvailability(), () => {
  wireSuite("mysql", start, [
    ...faultsOfQuestions(mariadbQuestions, mariadbDialect),
    ...halfAnswers(mariadbQuestions, ["the connections"]),
    ...faultsOfConnecting(mariadbDialect),
  ]);
});
