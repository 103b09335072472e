import { defineScenario } from "../scenario.ts";
import { context } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Many statements run that only sleep or wait to become the leader: no load, nothing is wrong",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const pollers = await stage.mySessions(stage.number(10, 14), stage.application());
    for (const poller of pollers) stage.leave(poller.query("SELECT SLEEP(40)"));
    const name = stage.application();
    const candidates = await stage.mySessions(stage.number(4, 6), name);
    await candidates[0]?.query(`SELECT GET_LOCK('${name}-leader', 0)`);
    for (const candidate of candidates.slice(1))
      stage.leave(candidate.query(`SELECT GET_LOCK('${name}-leader', 40)`));
    return { culprits: [] };
  },
  context: () => context(),
});
