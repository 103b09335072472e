import { describe, expect, it } from "vitest";
import type { LockForest } from "../../functions/core/contract/locks.ts";
import { forAMoment, type LockHolder } from "./support/inside/lock-crowd.ts";
import { lockHolders } from "./support/inside/lock-holders.ts";
import { type LockMode, lockModes } from "./support/inside/lock-modes.ts";
import { queuedHolders } from "./support/inside/lock-queues.ts";
import { alarming, firstRoot, said } from "./support/inside/told.ts";
import { diagnosed } from "./support/inside/world.ts";

/** Every mode of a lock by everybody who may hold it. */
const rows = [...lockHolders, ...queuedHolders].flatMap((one) =>
  lockModes
    .filter(({ mode }) => one.only?.includes(mode) ?? true)
    .map((mode) => [mode.mode, one.holder, mode, one] as const),
);

function seen(forest: LockForest, standby?: true) {
  const sessions = forest.nodes.flatMap(({ session }) => session ?? []);
  return diagnosed({ forest, sessions, ...(standby === undefined ? {} : { standby }) });
}

const played = (mode: LockMode, { forest, standby }: LockHolder) => seen(forest(mode), standby);

describe("who holds a lock of PostgreSQL", () => {
  it.each(rows)("D8 %s is told, held by %s", (_, __, mode, holder) => {
    const root = firstRoot(played(mode, holder));
    expect(holder.told).toContain(root?.id);
    expect(root?.severity).not.toBe("P3");
    expect(root === null ? "" : said(root)).toMatch(holder.word);
  });

  it.each(rows.filter(([, , , { mayEnd }]) => !mayEnd))(
    "A40 %s is not ended with its holder: %s",
    (_, __, mode, holder) => {
      const actions = played(mode, holder).findings.flatMap((finding) => finding.actions);
      expect(actions.filter(({ input }) => JSON.stringify(input).includes('"sessionId":44'))).toEqual([]);
    },
  );

  it.each(lockModes.map((mode) => [mode.mode, mode] as const))(
    "D7 %s for a moment raises nobody",
    (_, mode) => {
      const diagnosis = seen(forAMoment(mode));
      expect(alarming(diagnosis)).toEqual([]);
      expect(diagnosis.verdict).toBe("well");
    },
  );
});
