import { createConnection } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "An analyst copies rows into a scratch table of the writable replica and leaves the transaction open: what arrives waits for them",
  server: { replicas: 1 },
  look: "replica",
  tiers: ["immediate", "performance"],
  thresholds: { idleInTransactionSeconds: 15, replicationLagSeconds: 15 },
  make: async (stage) => {
    const [node] = stage.server.replicas;
    if (node === undefined) throw new Error("no replica");
    const writers = await stage.mySessions(3, "policy-service");
    const [setup] = writers;
    await setup?.query(
      "CREATE TABLE policies (branch_code char(3) NOT NULL, policy_no varchar(14) NOT NULL, premium decimal(10,2) NOT NULL, state varchar(10) NOT NULL, PRIMARY KEY (branch_code, policy_no), KEY by_state (state))",
    );
    await setup?.query(
      `INSERT INTO policies SELECT CONCAT('B', LPAD(n % 30, 2, '0')), CONCAT('P-', LPAD(n, 9, '0')), n % 900, ELT(1 + n % 3, 'open', 'paid', 'ended') FROM ${numbersTo(6000)}`,
    );
    await setup?.query("CREATE TABLE scratch_premiums (branch_code char(3), premium decimal(12,2))");
    await ordinaryWork(stage, 2);

    const admin = await createConnection({ uri: node.adminUrl });
    stage.cleanUp(() => admin.end());
    await admin.query("SET GLOBAL read_only = 0");
    const open = (program: string) =>
      createConnection({
        uri: labUrl(stage.mysql().engine, node.port, "shop"),
        connectAttributes: { program_name: program },
      });
    const arrived = async (): Promise<boolean> => {
      const [rows] = await admin.query("SELECT 1 FROM app.policies WHERE policy_no = 'P-000006000'");
      const [tables] = await admin.query(
        "SELECT 1 FROM information_schema.tables WHERE table_name = 'scratch_premiums'",
      );
      return Array.isArray(rows) && rows.length === 1 && Array.isArray(tables) && tables.length === 1;
    };
    await waitUntil(arrived, { what: "the replica to have the tables", timeoutMs: 30_000 });

    const notebook = await open("premium-notebook");
    notebook.on("error", () => undefined);
    stage.cleanUp(async () => notebook.destroy());
    await notebook.query("START TRANSACTION");
    await notebook.query(
      "INSERT INTO scratch_premiums SELECT branch_code, SUM(premium) FROM policies WHERE state = 'open' GROUP BY branch_code",
    );
    // Beside: pages that read the replica.
    const page = await open("branch-pages");
    stage.cleanUp(async () => page.destroy());
    await keepRunning(stage, [page], 10, async (session, turn) => {
      await session.query("SELECT COUNT(*) FROM policies WHERE branch_code = ?", [`B${10 + (turn % 20)}`]);
      await pause(60);
    });
    await keepRunning(stage, writers, 40, async (session, turn) => {
      const no = 1 + ((turn * 37) % 6000);
      await session.query(
        "UPDATE policies SET premium = premium + 1 WHERE branch_code = ? AND policy_no = ?",
        [`B${String(no % 30).padStart(2, "0")}`, `P-${String(no).padStart(9, "0")}`],
      );
      await pause(30);
    });
    await pause(32_000);
    return { culprits: [notebook.threadId ?? 0] };
  },
});
