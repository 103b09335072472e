import { describe, expect, it } from "vitest";
import type { Evidence } from "../../functions/core/contract/evidence.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { settingsSchema } from "../../functions/core/settings.ts";
import { standAt } from "../support/stand-at.ts";
import { type Calm, calmAurora, calmRds, calmReader } from "./support/outside/calm.ts";
import { type Curves, steps, usual } from "./support/outside/curves.ts";
import { clusterOf, instanceOf, loadOf } from "./support/outside/described.ts";
import { waitsAtRest, waitsByCause, waitsOfNoCause } from "./support/outside/postgres-waits.ts";
import { evidenceOfWorld } from "./support/outside/record-outside.ts";
import type { World } from "./support/outside/world.ts";

type Loads = Readonly<Record<string, number>>;

const settings = settingsSchema.parse({});
const calm: Calm = { engine: "postgres", vcpus: 4, memoryGib: 32, connections: 83, cpu: 30, iops: 380 };
const statements = [
  "SELECT o.* FROM orders o WHERE o.customer_id = $1 ORDER BY o.created_at DESC LIMIT $2",
  "UPDATE stock SET amount = amount - $1 WHERE article_id = $2",
  "INSERT INTO order_lines (order_id, article_id, amount) VALUES ($1, $2, $3)",
];
const ids = ["shop-1", "shop-2"] as const;

/** Three times the vCPUs wait for it, by three statements of the application. */
function crowd(event: string): World {
  return waiting({ [event]: 12 }, { since: 12 });
}

/** `since`: minutes; null as ever. */
function waiting(waits: Loads, { since }: { since: number | null }): World {
  const all = Object.values(waits).reduce((sum, load) => sum + load, 0);
  const level = (before: number, now: number) => (since === null ? usual(now) : steps(before, now, since));
  const shares = statements.map((sql) => ({
    sql,
    waits: Object.fromEntries(Object.entries(waits).map(([name, load]) => [name, load / 3])),
  }));
  const metrics: Curves = {
    ...(Object.keys(waits).some(isAuroras)
      ? { ...calmAurora(calm), ...calmReader(ids[1], 32) }
      : calmRds(calm)),
    DBLoad: level(1.2, all + 1.1),
    DBLoadCPU: usual(0.9),
    DBLoadNonCPU: level(0.3, all + 0.2),
  };
  const load = loadOf({ CPU: 0.9, "IO:WALSync": 0.2, ...waits }, shares, {
    web: all * 0.6 + 0.7,
    batch: all * 0.4 + 0.4,
  });
  return { ...placeOf(Object.keys(waits).some(isAuroras)), metrics, events: [], load, way: "probe-failed" };
}

function isAuroras(event: string): boolean {
  return /Aurora|XactSync|DamRecord|_/i.test(event);
}

function placeOf(aurora: boolean): Pick<World, "instances" | "cluster"> {
  const of = { EngineVersion: "16.8", DBInstanceClass: "db.r6g.xlarge" };
  if (!aurora) return { instances: [instanceOf(ids[0], { ...of, Engine: "postgres" })] };
  const Engine = "aurora-postgresql";
  return {
    instances: ids.map((id) => instanceOf(id, { ...of, Engine, DBClusterIdentifier: "shop" })),
    cluster: clusterOf("shop", ids, { Engine, EngineVersion: "16.8" }),
  };
}

async function answerTo(world: World) {
  return answerOf(await evidenceOfWorld(world));
}

/** The same with its statements known, and as Performance Insights answers where it has none. */
async function answersTo(world: World) {
  const evidence = await evidenceOfWorld(world);
  const { context = null } = evidence;
  const load = context?.load?.filter(({ by }) => by !== "statement") ?? null;
  const blind = context === null ? evidence : { ...evidence, context: { ...context, load } };
  return [answerOf(evidence), answerOf(blind)];
}

function answerOf(evidence: Evidence) {
  const diagnosis = diagnose(evidence, settings);
  const { findings, rootCauses, verdict, severity, headline } = diagnosis;
  const serious = findings.filter((finding) => finding.severity !== "P3");
  const [root] = rootCauses.flatMap((key) => serious.find((finding) => finding.key === key) ?? []);
  return { root, roots: rootCauses.length, serious, verdict, severity, headline };
}

const caused = Object.entries(waitsByCause).flatMap(([cause, names]) => names.map((name) => [name, cause]));
const everyName = [...caused.map(([name = ""]) => name), ...waitsOfNoCause, ...waitsAtRest];

describe("a load of one wait event of PostgreSQL, seen from outside", () => {
  // How rough each minute is hangs on the clock.
  standAt("2026-11-27T10:40:00Z");

  it.each(caused)(
    "D4 %s is told as %s, whether its statements are known or not",
    async (name = "", cause) => {
      for (const { root, roots, serious, severity, headline } of await answersTo(crowd(name))) {
        expect(root?.id, headline).toBe(cause);
        expect({ roots, headline }).toEqual({
          roots: 1,
          headline: expect.not.stringContaining("Nothing wrong"),
        });
        expect(["P1", "P2"]).toContain(severity);
        expect(serious.flatMap(({ actions }) => actions)).toEqual([]);
      }
    },
  );

  it.each(waitsOfNoCause)("D7 %s is told as a crowd of which nobody knows why", async (name) => {
    for (const { root, verdict, severity, headline } of await answersTo(crowd(name))) {
      expect({ root, verdict, severity }).toEqual({ root: undefined, verdict: "unknown", severity: "P2" });
      expect(headline).toContain(name);
    }
  });

  it.each(waitsAtRest)("D7 %s wakes nobody, and is no word of health", async (name) => {
    const { serious, verdict, severity, headline } = await answerTo(crowd(name));
    expect({ serious, verdict, severity }).toEqual({ serious: [], verdict: "unknown", severity: null });
    expect(headline).toContain("wait on purpose");
  });

  it("D6 is quiet about as much of each as any database shows", async () => {
    for (let at = 0; at < everyName.length; at += 5) {
      const names = everyName.slice(at, at + 5);
      const few = Object.fromEntries(names.map((name) => [name, 0.35]));
      const { serious, severity } = await answerTo(waiting(few, { since: null }));
      expect({ names, serious, severity: severity ?? "P3" }).toEqual({ names, serious: [], severity: "P3" });
    }
  });

  it("D6 makes a note of what is so a day and a week ago at this hour", async () => {
    for (const [name = ""] of Object.values(waitsByCause)) {
      const { serious } = await answerTo(waiting({ [name]: 12 }, { since: null }));
      expect({ name, serious }).toEqual({ name, serious: [] });
    }
  });

  it("D4 sees who waits for rows beside many who sleep, or whose clients have the turn", async () => {
    for (const beside of ["Timeout:PgSleep", "Client:ClientRead"]) {
      const { root } = await answerTo(waiting({ [beside]: 12, "Lock:transactionid": 10 }, { since: 12 }));
      expect(root?.id).toBe("hot-row-contention");
    }
  });

  it("D4 adds up several kinds of latches", async () => {
    const latches = { "LWLock:ProcArray": 6, "LWLock:BufferContent": 6 };
    expect((await answerTo(waiting(latches, { since: 12 }))).root?.id).toBe("latch-contention");
  });

  it("D3 tells one cause of a spill that takes the instance's own storage", async () => {
    const world = waiting({ "IO:BufFileWrite": 12, "IO:AuroraStorageRead": 0.3 }, { since: 12 });
    const FreeLocalStorage = (ago: number) => (60 - 4.5 * Math.max(0, 12 - ago)) * 1024 ** 3;
    const { root, roots } = await answerTo({ ...world, metrics: { ...world.metrics, FreeLocalStorage } });
    expect([root?.id, roots]).toEqual(["spilling-query", 1]);
  });

  it("D2 says how many, for how long, for whom, and what helps", async () => {
    const { root } = await answerTo(crowd("LWLock:BufferContent"));
    expect(root?.summary).toMatch(
      /^12 sessions on average, on 4 vCPUs, wait for .* % of the load for \d+ min/,
    );
    const said = root?.evidence.map(({ says }) => says).join("\n");
    expect(said).toContain("what helps: ");
    expect(said).toContain("UPDATE stock");
    expect(said).toContain("user web makes");
    expect(said).toContain("a week ago at this time");
  });

  it("D6 is P1 where the work is not done meanwhile, and a note where few wait or it is over", async () => {
    const stuck = crowd("LWLock:BufferContent");
    const idle = { ...stuck.metrics, WriteIOPS: steps(228, 60, 12) };
    expect((await answerTo({ ...stuck, metrics: idle })).severity).toBe("P1");
    const few = waiting({ "LWLock:BufferContent": 5 }, { since: 12 });
    const over = { ...stuck, metrics: { ...stuck.metrics, DBLoad: usual(1.3), DBLoadNonCPU: usual(0.6) } };
    for (const world of [few, over]) expect((await answerTo(world)).severity).toBe("P3");
  });

  describe("of a large class, many times what is usual", () => {
    const [place] = placeOf(false).instances;
    const large = (waits: Loads, metrics: Curves = {}) => {
      const world = waiting(waits, { since: 12 });
      const instances = [{ ...place, DBInstanceClass: "db.r6g.4xlarge" }];
      return answerTo({ ...world, instances, metrics: { ...world.metrics, ...metrics } });
    };

    it("D6 is a crowd where every CPU's worth waits", async () => {
      expect((await large({ "LWLock:BufferContent": 20 })).severity).toBe("P2");
      const grown = { DBLoad: steps(9, 21, 12), DBLoadNonCPU: steps(8, 20, 12) };
      expect((await large({ "LWLock:BufferContent": 20 }, grown)).severity).toBe("P3");
    });

    it("D6 is none where a batch of another day works on its CPUs", async () => {
      const works = { DBLoad: steps(0.4, 17, 12), DBLoadCPU: steps(0.3, 14, 12) };
      const { severity } = await large({ CPU: 17 }, { ...works, DBLoadNonCPU: steps(0.1, 2, 12) });
      expect([null, "P3"]).toContain(severity);
    });
  });
});
