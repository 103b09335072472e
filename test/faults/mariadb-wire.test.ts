import { mariadbAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import { startMariadb } from "../lab/engines/mariadb-server.ts";
import {
  faultsOfConnecting,
  faultsOfQuestions,
  halfAnswers,
  mariadbDialect,
  mariadbQuestions,
} from "./wire-faults.ts";
import { wireSuite } from "./wire-suite.ts";

describeEngine("MariaDB behind faults on the wire", await mariadbAvailability(), () => {
  wireSuite("mysql", startMariadb, [
    ...faultsOfQuestions(mariadbQuestions, mariadbDialect),
    ...halfAnswers(mariadbQuestions, ["the connections"]),
    ...faultsOfConnecting(mariadbDialect),
  ]);
});
