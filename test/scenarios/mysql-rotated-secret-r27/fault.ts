import { createConnection } from "mysql2/promise";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas/pull/152
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The secret of a service was rotated; its pods go on signing in with the old password and are refused",
  make: async (stage) => {
    const { port, adminUrl } = stage.mysql();
    const admin = await openSession(stage.mysql());
    await admin.query("CREATE USER billing_svc@'%' IDENTIFIED BY 'before-rotation'");
    await admin.query("GRANT SELECT, INSERT, UPDATE, DELETE ON app.* TO billing_svc@'%'");
    const signIn = () =>
      createConnection({
        host: new URL(adminUrl).hostname,
        port,
        user: "billing_svc",
        password: "before-rotation",
        database: "app",
        connectAttributes: { program_name: "billing" },
      });
    // Who was signed in before stays so.
    const early = await Promise.all([signIn(), signIn()]);
    stage.cleanUp(() => closeAll(early));
    await ordinaryWork(stage);
    await admin.query("ALTER USER billing_svc@'%' IDENTIFIED BY 'after-rotation'");
    await closeAll([admin]);
    await keepRunning(stage, [1, 2, 3, 4, 5, 6], 150, async () => {
      await signIn().then(
        (session) => session.end(),
        () => undefined,
      );
      await pause(180);
    });
    return { culprits: [] };
  },
});
