import { parseSettings } from "../../functions/core/configuration/parse-settings.ts";
import { defaultSettings, type Settings, thresholdsSchema } from "../../functions/core/settings.ts";
import { UsageError } from "./command.ts";

/** Settings with thresholds from --set name=value. */
export function settingsWith(assignments: readonly string[], from: Settings = defaultSettings): Settings {
  const thresholds: Record<string, number> = {};
  for (const assignment of assignments) {
    const [name = "", value = ""] = assignment.split("=", 2);
    const number = Number(value);
    if (value.trim() === "" || !Number.isFinite(number)) {
      throw new UsageError(`--set ${name}=${value}: the value must be a number`);
    }
    thresholds[name] = number;
  }
  const parsed = parseSettings({ thresholds: { ...from.thresholds, ...thresholds } });
  if (parsed.kind === "valid") return { ...from, thresholds: parsed.settings.thresholds };
  const faults = parsed.faults.map((fault) => fault.replace(/^thresholds\./, ""));
  const isLost = faults.some((fault) => fault.endsWith("no such setting"));
  const all = isLost ? `; there are ${Object.keys(thresholdsSchema.shape).join(", ")}` : "";
  throw new UsageError(`--set ${faults.join("; ")}${all}`);
}
