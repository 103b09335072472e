import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import { startPostgres } from "../lab/engines/postgres-server.ts";
import { openSessions } from "../lab/engines/sql.ts";
import {
  faultsOfConnecting,
  faultsOfQuestions,
  halfAnswers,
  postgresDialect,
  postgresQuestions,
} from "./wire-faults.ts";
import { wireSuite } from "./wire-suite.ts";

async function start() {
  const server = await startPostgres({ major: 17, maxConnections: 40 });
  return { server, bystanders: await openSessions(server, 3) };
}

describeEngine("PostgreSQL behind faults on the wire", await postgresAvailability(17), () => {
  wireSuite("postgres", start, [
    ...faultsOfQuestions(postgresQuestions, postgresDialect),
    ...halfAnswers(postgresQuestions, ["the sessions"]),
    ...faultsOfConnecting(postgresDialect),
  ]);
});
