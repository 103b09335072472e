import type { Target } from "../contract/target.ts";
import type { RdsControl } from "../ports.ts";
import type { Settings } from "../settings.ts";
import { refsFromName } from "../signals/database-refs.ts";

/** What a look may cost in calls to RDS. */
const most = 12;

interface Named {
  readonly setting: string;
  readonly name: string;
  readonly does: string;
}

/**
 * Names in the settings that are no database of this account and Region: a misspelt exemption protects nothing, and
 * nobody would notice. One that cannot be asked about now is not told.
 */
export async function namesOfNothing(
  settings: Settings,
  here: Pick<Target, "accountId" | "region">,
  rds: RdsControl,
  deadline: AbortSignal,
): Promise<string[]> {
  const names = namedIn(settings)
    .flatMap((named) => withPlace(named, here))
    .slice(0, most);
  const known = await Promise.all(names.map(({ name }) => isKnown(name, rds, deadline)));
  return names
    .filter((_, index) => known[index] === false)
    .map(
      ({ setting, name, does }) =>
        `Setting ${setting} names ${JSON.stringify(name)}, which is no database that RDS knows here: ${does}.`,
    );
}

function namedIn({ exempt, databases, alarms }: Settings): Named[] {
  return [
    ...Object.keys(exempt).map((name) => ({ setting: "exempt", name, does: "it exempts nothing" })),
    ...Object.keys(databases).map((name) => ({ setting: "databases", name, does: "it applies to nothing" })),
    ...Object.values(alarms).map((name) => ({
      setting: "alarms",
      name,
      does: "its alarm finds no database",
    })),
  ];
}

/** "account/region/name" of another place is nothing that can be asked here. */
function withPlace(named: Named, { accountId, region }: Pick<Target, "accountId" | "region">): Named[] {
  const [account, place, name] = named.name.split("/");
  if (name === undefined) return [named];
  return account === accountId && place === region ? [{ ...named, name }] : [];
}

/** Null: not known whether. */
async function isKnown(name: string, rds: RdsControl, deadline: AbortSignal): Promise<boolean | null> {
  try {
    for (const ref of refsFromName(name)) if ((await rds.find(ref, deadline)) !== null) return true;
    return false;
  } catch {
    return null;
  }
}
