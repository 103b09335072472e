import { seeded } from "../../support/seeded.ts";
import { startMoto } from "../endpoint/moto.ts";
import type { Engine } from "../engines/lab-server.ts";
import { faultOf, pairOf } from "./faults/catalogue.ts";
import { type Played, play } from "./play.ts";

export interface Series {
  readonly engine: Engine;
  readonly from: number;
  readonly runs: number;
  /** Side by side, each in a lab and with a moto of its own: most of a run is waiting. */
  readonly jobs: number;
  /** None is begun after that. */
  readonly until: number;
  /** In turn; `pairs` is two of the seed's choice. Empty: all of them, one after the other. */
  readonly faults: readonly string[];
  heard(result: Played | Failure): void;
}

/** The harness could not play it: nothing is said of the responder. */
export interface Failure {
  readonly seed: number;
  readonly fault: string;
  readonly reason: string;
}

export async function playSeries(series: Series): Promise<void> {
  let next = series.from;
  const take = () => (next < series.from + series.runs && Date.now() < series.until ? next++ : null);
  await Promise.all(Array.from({ length: series.jobs }, () => playInTurn(series, take)));
}

async function playInTurn({ engine, faults, heard }: Series, take: () => number | null): Promise<void> {
  const aws = await startMoto();
  try {
    for (let seed = take(); seed !== null; seed = take()) {
      // Each by its own seed: one that failed is played again alone by `--runs 1 --seed`.
      const name = nameOf(seed, faults);
      try {
        heard(await play(seed, name, { engine, aws }));
      } catch (error) {
        heard({ seed, fault: name, reason: error instanceof Error ? error.message : String(error) });
      }
    }
  } finally {
    await aws.stop();
  }
}

function nameOf(seed: number, faults: readonly string[]): string {
  const name = faults[seed % faults.length] ?? faultOf(seed);
  return name === "pairs" ? pairOf(seeded(seed)) : name;
}
