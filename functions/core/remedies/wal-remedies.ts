import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { FrequentCheckpoints } from "../facts/checkpoints.ts";
import type { View } from "../facts/view.ts";
import { changeParameter } from "./aws/parameter-remedies.ts";
import { mostLogBytes } from "./log-room.ts";
import { oneByOne } from "./one-by-one.ts";

const gib = 1024 ** 3;
/** checkpoint_timeout's default: as rare as they are meant to be. */
const wantedSeconds = 300;
const mostGib = 64;

/** A dynamic parameter, in MB on RDS. https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-MAX-WAL-SIZE */
export function raiseMaxWalSize(view: View, checkpoints: FrequentCheckpoints): readonly ProposedAction[] {
  const size = wantedGib(view, checkpoints);
  if (size === null) return [];
  const old = (checkpoints.maxWalBytes ?? 0) / 1024 ** 2;
  const consequence = `Up to ${size} GiB of the storage hold log, and a restart after a crash has more of it to read.`;
  const undo = `Undo: the old value, ${Math.round(old)} MB.`;
  if (view.evidence.target.flavour !== "self-managed") {
    const change = {
      id: "change-parameter",
      spec: "A24",
      name: "max_wal_size",
      value: String(1024 * size),
    } as const;
    return [changeParameter(view, { ...change, towards: "higher" }, `${consequence} ${undo}`)];
  }
  return [
    proposeManual({
      id: "change-parameter",
      spec: ["A24"],
      risk: "disruptive",
      preview: `ALTER SYSTEM SET max_wal_size = '${size}GB';\nSELECT pg_reload_conf();`,
      describes: `set max_wal_size to ${size} GB`,
      consequence: `${consequence} ${oneByOne} It takes no restart. ${undo}`,
    }),
  ];
}

/** Null where the size now is not known, or storage has no room for more. */
function wantedGib(view: View, { maxWalBytes, walBytesPerSecond, everySeconds }: FrequentCheckpoints) {
  if (maxWalBytes === null) return null;
  const needed =
    walBytesPerSecond === null
      ? maxWalBytes * (wantedSeconds / Math.max(1, everySeconds))
      : 2 * wantedSeconds * walBytesPerSecond;
  const most = mostLogBytes(view, maxWalBytes, mostGib * gib) / gib;
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, needed / gib, (2 * maxWalBytes) / gib)));
  const size = Math.min(wanted, 2 ** Math.floor(Math.log2(Math.max(1, most))));
  return size * gib > maxWalBytes ? size : null;
}
