import { apiEngine } from "../../facts/database-kind.ts";
import { type Support, supportOf } from "../../facts/engine-support.ts";
import { daysUntil, selfOf, whenText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { upgradeMajor } from "../../remedies/aws/upgrade-remedies.ts";
import { defineRule } from "../define.ts";

/** A major upgrade is tested for months. */
const noticeDays = 180;
/** RDS upgrades by itself on or shortly after the day. */
const soonDays = 30;

export const engineSupportEnding = defineRule({
  id: "engine-support-ending",
  spec: ["D4", "M2"],
  category: "configuration",
  title: "Support of the engine's version ends",
  needs: ["DescribeDBInstances"],
  evaluate: (view) => {
    const found = supportOf(view);
    if (found === null) return [];
    const name = `${apiEngine(view)} ${found.major}`;
    const known = found.is === "known" ? found.support : null;
    if (known !== null && daysUntil(view, known.standardUntil) > noticeDays) return [];
    return [
      {
        subject: "",
        severity: known !== null && isForcedSoon(view, known) ? "P2" : "P3",
        confidence: known === null ? 0.4 : 0.9,
        summary:
          known === null
            ? `When support of ${name} ends is not known here; it is not among the versions that RDS listed in April 2026`
            : endText(view, name, known),
        evidence: [{ source: "release calendar", says: found.page }],
        explains: [],
        actions: upgradeMajor(view, found.major),
      },
    ];
  },
});

function endText(view: View, name: string, support: Support): string {
  const { standardUntil } = support;
  const over = daysUntil(view, standardUntil) < 0;
  return `Standard support of ${name} ${over ? "ended" : "ends"} on ${whenText(view, standardUntil)}: ${thenText(view, support)}`;
}

function thenText(view: View, { charged, dearer, extendedUntil, standardUntil }: Support): string {
  if (charged === null || extendedUntil === null || isOptedOut(view)) {
    return `${daysUntil(view, standardUntil) < 0 ? "RDS upgrades it to the next major version at any time now" : "then RDS upgrades it to the next major version"}, ready or not`;
  }
  if (daysUntil(view, extendedUntil) < 0)
    return "extended support has ended, too: RDS upgrades it at any time now";
  const price = `extended support is charged for each vCPU or ACU and hour from ${charged}`;
  return `${price}${dearer === null ? "" : `, at a higher price from ${dearer}`}, until ${extendedUntil}; then RDS upgrades it by itself`;
}

function isOptedOut(view: View): boolean {
  return selfOf(view)?.lifecycleSupport === "open-source-rds-extended-support-disabled";
}

function isForcedSoon(view: View, { standardUntil, extendedUntil }: Support): boolean {
  const days = daysUntil(view, isOptedOut(view) ? standardUntil : (extendedUntil ?? standardUntil));
  return days >= 0 && days <= soonDays;
}
