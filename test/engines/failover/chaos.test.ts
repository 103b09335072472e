import { afterAll, beforeAll, expect, it } from "vitest";
import { type Played, play } from "../../lab/chaos/play.ts";
import { type Failure, playSeries } from "../../lab/chaos/series.ts";
import { type AwsEndpoint, startMoto } from "../../lab/endpoint/moto.ts";
import { mariadbAvailability, mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";

/** Others each day; who wants yesterday's again plays them by their seeds (npm run chaos). */
const ofTheDay = 4;
const seed = ofTheDay * Math.floor(Date.now() / 86_400_000);
/** Fifteen in all, and none is begun any more when an engine's share of the time is over. */
const shareMs = 25_000;

const postgres = await postgresAvailability(17);

describeEngine("F3 a failover on real engines, judged by what clients were promised", postgres, () => {
  let aws: AwsEndpoint;
  beforeAll(async () => {
    aws = await startMoto();
  });
  afterAll(() => aws?.stop());

  it.each<[string]>([["kill"], ["responder-cut"], ["promote-answer-lost"]])(
    `keeps every promise: %s (seed ${seed})`,
    async (name) => {
      const { broken, endings } = await play(seed, name, { engine: "postgres", aws });
      expect({ broken, endings }).toEqual({ broken: [], endings });
      if (name === "kill") expect(endings.at(-1)).toContain("done@rebuild");
    },
    240_000,
  );
});

for (const availability of [postgres, await mysqlAvailability(), await mariadbAvailability()]) {
  const { engine } = availability;
  describeEngine(
    `F3 the faults of the day on ${engine}, judged by what clients were promised`,
    availability,
    () => {
      it(`keeps every promise (seeds ${seed} to ${seed + ofTheDay - 1})`, async () => {
        const played: Played[] = [];
        const failures: Failure[] = [];
        const heard = (result: Played | Failure) =>
          "reason" in result ? failures.push(result) : played.push(result);
        const until = Date.now() + shareMs;
        await playSeries({ ...{ engine, from: seed, runs: ofTheDay, jobs: 2, until, faults: [] }, heard });
        const broken = played.flatMap(({ fault, broken: of }) => of.map((says) => `${fault}: ${says}`));
        expect({ broken, failures }).toEqual({ broken: [], failures: [] });
        expect(played.length).toBeGreaterThan(0);
      }, 400_000);
    },
  );
}
