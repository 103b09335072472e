import { afterAll, beforeAll, expect, it } from "vitest";
import { type FaultName, faultOf } from "../../lab/chaos/faults.ts";
import { play } from "../../lab/chaos/play.ts";
import { type AwsEndpoint, startMoto } from "../../lab/endpoint/moto.ts";
import { postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";

/** Another one each day; who wants yesterday's again plays it by its seed (npm run chaos). */
const seed = Math.floor(Date.now() / 86_400_000);
const ofTheDay = faultOf(seed);

describeEngine(
  "F3 a failover on real engines, judged by what clients were promised",
  await postgresAvailability(17),
  () => {
    let aws: AwsEndpoint;
    beforeAll(async () => {
      aws = await startMoto();
    });
    afterAll(() => aws?.stop());

    it.each<[FaultName]>([["kill"], ["responder-cut"], ["promote-answer-lost"], [ofTheDay]])(
      `keeps every promise: %s (seed ${seed})`,
      async (name) => {
        const { broken, endings } = await play(seed, name, { engine: "postgres", aws });
        expect({ broken, endings }).toEqual({ broken: [], endings });
        if (name === "kill") expect(endings.at(-1)).toContain("done@rebuild");
      },
      240_000,
    );
  },
);
