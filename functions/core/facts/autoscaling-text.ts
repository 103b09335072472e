import { selfOf } from "./rds-facts.ts";
import type { autoscalingOf } from "./storage-space.ts";
import type { StorageTold } from "./storage-told.ts";
import type { View } from "./view.ts";

const texts = {
  ahead: () => "; storage autoscaling has room to grow it once 10 % or less are free for five minutes",
  late: () => "; storage autoscaling has room to grow it, but should have begun by now or has no time left",
  maximum: (view: View) => {
    const { limitGib = null, allocatedGib = null } = selfOf(view)?.storage ?? {};
    return `; storage autoscaling is at its maximum, ${limitGib} GiB with ${allocatedGib} GiB allocated, and grows it no more`;
  },
  none: () => "",
} as const;

/** Its limit is described whether or not RDS said so within the day, and with the numbers. */
export function autoscalingText(
  view: View,
  grows: ReturnType<typeof autoscalingOf>,
  told: StorageTold | null,
): string {
  const said = told?.stuck ? `; ${told.stuck}` : "";
  return said === "" || grows === "maximum" ? `${texts[grows](view)}${said}` : said;
}
