import { defaultSettings, type Settings, thresholdsSchema } from "../../functions/core/settings.ts";
import { UsageError } from "./command.ts";

/** Settings with thresholds from --set name=value. */
export function settingsWith(assignments: readonly string[], from: Settings = defaultSettings): Settings {
  const names = Object.keys(thresholdsSchema.shape);
  const thresholds: Record<string, number> = {};
  for (const assignment of assignments) {
    const [name = "", value = ""] = assignment.split("=", 2);
    if (!names.includes(name)) {
      throw new UsageError(`--set ${name}: no such threshold; there are ${names.join(", ")}`);
    }
    const number = Number(value);
    if (value.trim() === "" || !Number.isFinite(number)) {
      throw new UsageError(`--set ${name}=${value}: the value must be a number`);
    }
    thresholds[name] = number;
  }
  const parsed = thresholdsSchema.safeParse({ ...from.thresholds, ...thresholds });
  if (parsed.success) return { ...from, thresholds: parsed.data };
  const issues = parsed.error.issues.map((issue) => `${issue.path.at(-1)?.toString()}: ${issue.message}`);
  throw new UsageError(`--set ${issues.join("; ")}`);
}
