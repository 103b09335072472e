import { myWaiting, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Several workers stand by with GET_LOCK for the one that runs the job",
  thresholds: { slowQuerySeconds: 0.3, longRunningSeconds: 0.5 },
  make: async (stage) => {
    const application = stage.application();
    const name = `job-${stage.number(1, 1000)}`;
    const runner = await oneMy(stage, application);
    const standbys = await stage.mySessions(stage.number(2, 4), application);
    await runner.query(`SELECT GET_LOCK('${name}', -1)`);
    for (const standby of standbys) stage.leave(standby.query(`SELECT GET_LOCK('${name}', -1)`));
    await myWaiting(stage, standbys.length, 2);
    return { culprits: [] };
  },
});
