import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import { startPostgres } from "../lab/engines/postgres-server.ts";
import {
  faultsOfConnecting,
  faultsOfQuestions,
  halfAnswers,
  postgresDialect,
  postgresQuestions,
} from "./wire-faults.ts";
import { wireSuite } from "./wire-suite.ts";

describeEngine("PostgreSQL behind faults on the wire", await postgresAvailability(17), () => {
  wireSuite("postgres", () => startPostgres({ major: 17, maxConnections: 40 }), [
    ...faultsOfQuestions(postgresQuestions, postgresDialect),
    ...halfAnswers(postgresQuestions, ["the connections", "the sessions"]),
    ...faultsOfConnecting(postgresDialect),
  ]);
});
