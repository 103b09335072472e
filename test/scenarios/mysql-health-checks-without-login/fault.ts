import { connect } from "node:net";
import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "A load balancer opens and closes a TCP connection some times a second: aborted connects, and nobody hurt",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    await makeTable(await oneMy(stage, "setup"), table);
    const { port } = stage.mysql();
    const workers = await stage.mySessions(stage.number(4, 7), stage.application());
    const knock = (): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1");
        // The server's greeting is read, and nobody signs in.
        socket.once("data", () => socket.destroy());
        socket.once("error", () => socket.destroy());
        socket.once("close", () => resolve());
      });
    await keepRunning(stage, workers, 400, async (worker, turn) => {
      if (turn % 60 === 0) await knock();
      await worker.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${(turn % 40) + 1}`);
      await worker.query(`SELECT SLEEP(0.02)`);
    });
    return { culprits: [] };
  },
});
